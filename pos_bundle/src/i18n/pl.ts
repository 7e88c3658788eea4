import type { CoreWords } from "./words";

export default {
  close: "Zamknij",
  employee: "Pracownik",
  nobody: "nikt się nie zalogował",
  connection: "Łączność",
  socket: "działa",
  polling: "wolna, połączenia się spóźniają",
  offline: "brak, nie będzie widać połączeń",
  connecting: "łączymy się…",
  account: "Lokal nie jest połączony. Powiedz właścicielowi.",
  protocol: "Uruchom kasę ponownie, aby zaktualizować Dzvinok.",
  signature: "Serwer nie przyjmuje tej kasy. Powiedz właścicielowi.",
  lastCalls: "Ostatnie połączenia",
  noCalls: "Jeszcze nikt nie dzwonił",
} satisfies CoreWords;
