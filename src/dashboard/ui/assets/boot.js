// Runs before Streamlit: theme, size of the screen, links without a reload. Nothing here knows a figure.
(() => {
  const root = document.documentElement;
  const params = () => new URLSearchParams(location.search);
  const cookie = name => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1];
  const remember = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; SameSite=Lax`; };

  // Theme: the address wins, then what was chosen before, then dark. Streamlit keeps its own note of it by path.
  const asked = params().get("theme");
  if (asked === "dark" || asked === "light") remember("theme", asked);
  const theme = cookie("theme") === "light" ? "light" : "dark";
  root.dataset.theme = theme;
  localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, JSON.stringify(theme === "light" ? "Light" : "Dark"));

  // Every screen is laid out for 1920 × 1080 and scaled as a whole, so that shares of the height stay the same.
  const fit = () => {
    const scale = Math.max(0.7, Math.min(innerWidth / 1920, innerHeight / 1080));
    root.style.setProperty("--z", scale);
  };
  fit();
  addEventListener("resize", fit);

  const language = () => {
    const tag = (params().get("lang") || navigator.language || "zh-CN").toLowerCase();
    root.lang = /^en\b/.test(tag) ? "en" : /^zh-(tw|hk|mo|hant)/.test(tag) ? "zh-Hant" : "zh-Hans";
  };
  language();

  const go = href => {
    history.pushState({}, "", href);
    dispatchEvent(new PopStateEvent("popstate"));
    language();
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  };

  // The clipboard is there on an https address and on this machine only; elsewhere a selected text is copied.
  const copy = async text => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = text;
    field.select();
    document.execCommand("copy");
    field.remove();
  };

  // ?present=1: the keys of a presenter turn the pages, in the order of the top line.
  const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  document.addEventListener("keydown", event => {
    const step = STEPS[event.key];
    if (!step || !document.querySelector("[data-present]") || event.target.closest?.("input, textarea, select")) return;
    const pages = [...document.querySelectorAll("nav.pages a")];
    const now = pages.findIndex(page => page.hasAttribute("aria-current"));
    event.preventDefault();
    pages[(now + step + pages.length) % pages.length]?.click();
  });

  // t: the map and the table of its figures take each other's place, as the switch in its head says; the table gets the
  // focus, so that the arrows move it and it is read out.
  const TYPED = "input, textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=textbox]";
  const focused = () => {
    const table = document.querySelector(".map-table");
    table?.focus({ preventScroll: true });
    return table;
  };
  document.addEventListener("keydown", event => {
    if (event.key?.toLowerCase() !== "t" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const other = document.querySelector("a[data-turns-map]");
    if (!other || event.target.closest?.(TYPED)) return;
    event.preventDefault();
    const wanted = !document.querySelector(".map-table");
    other.click();
    if (!wanted) return;
    const arriving = new MutationObserver(() => { if (focused()) arriving.disconnect(); });
    arriving.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => arriving.disconnect(), 5000);
  });

  // 截至: the day goes into the address as it was written; what cannot be used is answered there in a sentence.
  const isDay = event => event.target.matches?.("input[data-as-of]");
  const chosen = input => {
    const day = input.value.trim().replace(/^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/, (_, year, month, day) =>
      [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-"));
    if (!day || day === input.defaultValue) { input.value = input.defaultValue; return; }
    const address = new URL(location.href);
    address.searchParams.delete("receipt"); // it is of one day
    if (address.searchParams.get("since") > day) address.searchParams.delete("since");
    if (day === input.dataset.today) address.searchParams.delete("as_of");
    else address.searchParams.set("as_of", day);
    go(address.pathname + address.search);
  };
  document.addEventListener("keydown", event => { if (isDay(event) && event.key === "Enter") chosen(event.target); });
  document.addEventListener("change", event => { if (isDay(event)) chosen(event.target); });

  // A receipt: the number goes into the address as it was written, which leads on to its page.
  document.addEventListener("keydown", event => {
    if (event.key !== "Enter" || !event.target.matches?.("input[data-receipt]") || !event.target.value.trim()) return;
    const asked = new URLSearchParams({ receipt: event.target.value.trim() });
    for (const name of ["table", "lang", "wall", "play", "present"]) if (params().has(name)) asked.set(name, params().get(name));
    go(new URL("./?" + asked, location.href).href);
  });

  // Printing: what is folded is opened, charts may shrink with their panel, and the paper gets its receipt number.
  const charts = () => document.querySelectorAll("[_echarts_instance_] svg");
  let folded = [], running;
  const number = paper => {
    // Print does not wait, so the number is asked for at once; a server that is away, or not done, is not asked.
    const state = document.querySelector('[data-testid="stApp"]').dataset;
    if (state.testConnectionState !== "CONNECTED" || state.testScriptState !== "notRunning") return "";
    const asked = new XMLHttpRequest();
    try {
      asked.open("POST", new URL("./receipt", location.href), false);
      asked.setRequestHeader("content-type", "application/json");
      asked.send(JSON.stringify({ address: paper.dataset.address, seq: Number(paper.dataset.seq) }));
      return asked.status === 200 ? JSON.parse(asked.responseText).number : "";
    } catch { return ""; }
  };
  const fill = paper => {
    const found = number(paper);
    const opens = new URL("./?receipt=" + found, location.href);
    const said = {
      number: found,
      opens: opens.host + opens.pathname + opens.search,
      at: new Date().toLocaleString("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" }),
    };
    for (const [name, text] of Object.entries(said)) paper.querySelector(`[data-said=${name}]`).textContent = text;
    const shown = { no: !found, yes: !!found, printed: true };
    for (const [name, is] of Object.entries(shown)) paper.querySelector(`[data-number=${name}]`).hidden = !is;
  };
  // What stands on the margin of every sheet can only be written as a rule of the sheet.
  const margins = paper => {
    const words = selector => JSON.stringify(paper.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ") || "");
    running = document.head.appendChild(document.createElement("style"));
    running.media = "print";
    running.textContent = `@page { @top-right { content: ${words(".invented")} }
      @bottom-left { content: ${words("[data-running]")} } @bottom-center { content: ${words("[data-number=yes]:not([hidden]) > span")} }
      @bottom-right { content: counter(page) " / " counter(pages) } }
      @page :first { @top-right { content: "" } }`; // its head says it larger
  };
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
    for (const svg of charts()) svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    const paper = document.querySelector(".paper");
    if (paper) { fill(paper); margins(paper); }
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
    folded = [];
    for (const svg of charts()) svg.removeAttribute("viewBox");
    running?.remove();
  });

  // The words of the others unfold below the edge of the area in which they scroll: the first of them is brought into it.
  document.addEventListener("toggle", event => {
    const opened = event.target;
    if (!opened.matches?.(".spoken > details[open]") || folded.includes(opened)) return;
    opened.querySelector("article")?.scrollIntoView({ block: "nearest" });
  }, true);

  // A list of choices that is unfolded folds again when something else is clicked.
  document.addEventListener("click", event => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
  });

  // Links inside the product change the address as the browser's own back button does: no reload.
  document.addEventListener("click", event => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.theme) {
      event.preventDefault();
      remember("theme", link.dataset.theme);
      const address = new URL(location.href);
      address.searchParams.delete("theme");
      location.replace(address);
      return;
    }
    if (link.dataset.copied) {
      event.preventDefault();
      const text = link.dataset.text && document.querySelector(link.dataset.text)?.textContent;
      copy(text || link.href).then(() => {
        const word = link.textContent;
        link.textContent = link.dataset.copied;
        setTimeout(() => { link.textContent = word; }, 1500);
      });
      return;
    }
    if (!document.querySelector('[data-testid="stApp"]')) return; // the page of an unknown address is plain HTML
    const target = new URL(link.href, location.href);
    if (target.origin !== location.origin || link.target === "_blank" || link.hasAttribute("download")) return;
    if (link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    go(target.pathname + target.search + target.hash);
  }, true);
})();
