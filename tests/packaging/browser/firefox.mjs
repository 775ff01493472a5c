import { Builder } from "selenium-webdriver";
import { Options, ServiceBuilder } from "selenium-webdriver/firefox.js";

const MOST_SECONDS = 120;

/** Starts Firefox by geckodriver, which makes a fresh profile; the same as chromium(). */
export async function firefox() {
  const driver = await start().catch(({ message }) => {
    const [first] = message.split("\n");
    throw new Error(`Firefox does not start; FIREFOX and GECKODRIVER say where they are: ${first}`);
  });
  await driver.manage().setTimeouts({ script: MOST_SECONDS * 1000, pageLoad: 30_000 });
  return {
    async visit(url) {
      await driver.get(url);
      const found = await driver.executeScript("return globalThis.results");
      if (found === null) throw new Error("the page's script did not run");
      return found;
    },
    close: () => driver.quit(),
  };
}

async function start() {
  const options = new Options();
  options.setBinary(process.env.FIREFOX ?? "/usr/bin/firefox-esr").addArguments("-headless");
  // This machine is reached without the proxy, and where the proxy would be, there is nothing.
  options.setPreference("network.proxy.type", 1);
  for (const protocol of ["http", "ssl", "socks"]) {
    options.setPreference(`network.proxy.${protocol}`, "127.0.0.1");
    options.setPreference(`network.proxy.${protocol}_port`, 9);
  }
  const geckodriver = new ServiceBuilder(process.env.GECKODRIVER ?? "geckodriver");
  return new Builder()
    .forBrowser("firefox")
    .setFirefoxOptions(options)
    .setFirefoxService(geckodriver)
    .build();
}
