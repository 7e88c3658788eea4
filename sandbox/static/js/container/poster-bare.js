// A classic script on purpose: `const` at its top level is visible to every later script and is not a property of `window`.
const Poster = document.currentScript.runtime;
