export default {
  close: "Close",
  employee: "Employee",
  nobody: "nobody is logged in",
  connection: "Connection",
  offline: "lost, calls will not come",
  connecting: "connecting…",
  account: "The restaurant is not connected. Tell the owner.",
  signature: "The server does not accept this register. Tell the owner.",
};
