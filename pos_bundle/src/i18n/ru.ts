import type { CoreWords } from "./words";

export default {
  close: "Закрыть",
  employee: "Сотрудник",
  nobody: "никто не вошёл",
  connection: "Связь",
  offline: "нет, звонков не будет видно",
  connecting: "соединяемся…",
  account: "Заведение не подключено. Скажите владельцу.",
  signature: "Сервер не принимает эту кассу. Скажите владельцу.",
} satisfies CoreWords;
