document.querySelector("main").textContent = "Planning " + location.pathname.slice("/app/".length);
