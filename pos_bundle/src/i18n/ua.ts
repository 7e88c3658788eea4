import type { CoreWords } from "./words";

export default {
  close: "Закрити",
  employee: "Працівник",
  nobody: "ніхто не увійшов",
  connection: "Зв’язок",
  offline: "немає, дзвінків не буде видно",
  connecting: "з’єднуємося…",
  account: "Заклад не підключено. Скажіть власнику.",
  signature: "Сервер не приймає цю касу. Скажіть власнику.",
} satisfies CoreWords;
