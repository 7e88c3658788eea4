export default {
  close: "Close",
  employee: "Employee",
  nobody: "nobody is logged in",
  connection: "Connection",
  offline: "lost, calls will not come",
  connecting: "connecting…",
  signature: "The server does not accept this register. Tell the owner.",
};
