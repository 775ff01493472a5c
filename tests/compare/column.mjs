/** One peer in one scenario; what it opened is closed, whatever came of it. */
export async function cell(peer, scenario) {
  const sites = [];
  const open = async (options) => {
    const site = await peer.open(options);
    sites.push(site);
    return site;
  };
  try {
    return await scenario({ ...peer, open });
  } finally {
    for (const site of sites) site.close();
  }
}
