window.Poster = document.currentScript.runtime;
