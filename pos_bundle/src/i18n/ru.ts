import type { CoreWords } from "./words";

export default {
  close: "Закрыть",
  employee: "Сотрудник",
  nobody: "никто не вошёл",
  connection: "Связь",
  socket: "работает",
  polling: "медленная, звонки запаздывают",
  offline: "нет, звонков не будет видно",
  connecting: "соединяемся…",
  account: "Заведение не подключено. Скажите владельцу.",
  protocol: "Перезапустите кассу, чтобы обновить Dzvinok.",
  signature: "Сервер не принимает эту кассу. Скажите владельцу.",
  lastCalls: "Последние звонки",
  noCalls: "Звонков ещё не было",
} satisfies CoreWords;
