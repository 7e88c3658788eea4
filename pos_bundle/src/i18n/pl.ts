import type { CoreWords } from "./words";

export default {
  close: "Zamknij",
  employee: "Pracownik",
  nobody: "nikt się nie zalogował",
  connection: "Łączność",
  offline: "brak, nie będzie widać połączeń",
  connecting: "łączymy się…",
  account: "Lokal nie jest połączony. Powiedz właścicielowi.",
  signature: "Serwer nie przyjmuje tej kasy. Powiedz właścicielowi.",
} satisfies CoreWords;
