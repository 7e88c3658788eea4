import type { CoreWords } from "./words";

export default {
  close: "Закрыть",
  employee: "Сотрудник",
  nobody: "никто не вошёл",
  connection: "Связь",
  offline: "нет, звонков не будет видно",
  connecting: "соединяемся…",
  signature: "Сервер не принимает эту кассу. Скажите владельцу.",
} satisfies CoreWords;
