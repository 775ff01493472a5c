// Each names the ones before it as well, to be taken for them: whichever comes first in this list is meant.
const browsers = [
  [/\bEdgA?\/|\bEdgiOS\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems = [
  [/\biPhone\b/, "an iPhone"],
  [/\biPad\b/, "an iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMacintosh\b/, "a Mac"],
  [/\bLinux\b/, "Linux"],
];

const nameIn = (list, agent) => list.find(([sign]) => sign.test(agent))?.[1];

/** What a person would call the browser of a User-Agent: one of a few names, never what was sent. */
export function browserName(agent) {
  const browser = nameIn(browsers, agent ?? "") ?? "A browser";
  const system = nameIn(systems, agent ?? "");
  return system === undefined ? browser : `${browser} on ${system}`;
}
