import type { CoreWords } from "./words";

export default {
  close: "Закрити",
  employee: "Працівник",
  nobody: "ніхто не увійшов",
  connection: "Зв’язок",
  socket: "працює",
  polling: "повільний, дзвінки запізнюються",
  offline: "немає, дзвінків не буде видно",
  connecting: "з’єднуємося…",
  account: "Заклад не підключено. Скажіть власнику.",
  protocol: "Перезапустіть касу, щоб оновити Dzvinok.",
  signature: "Сервер не приймає цю касу. Скажіть власнику.",
  lastCalls: "Останні дзвінки",
  noCalls: "Дзвінків ще не було",
} satisfies CoreWords;
