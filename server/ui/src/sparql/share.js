// Addresses of a query: of the page, of the page on one release, and of the endpoint for programs. Long queries go into the
// fragment, so that no server rejects the URL.
const MAX_QUERY_STRING = 3000;

export const share = (settings, query) => address(settings, query, settings.pinned || settings.release);
export const pageAddress = (settings, query) => address(settings, query, settings.pinned);

// The absolute URL of the endpoint, on the release to which the page is pinned.
export function endpoint(settings) {
  const found = new URL(settings.endpoint, location.href);
  if (settings.pinned) found.searchParams.set("release", settings.pinned);
  return found.href;
}

function address(settings, query, release) {
  const found = new URL(settings.endpoint, location.href), parameters = new URLSearchParams({query});
  if (release) found.searchParams.set("release", release);
  if (String(parameters).length > MAX_QUERY_STRING) found.hash = String(parameters);
  else found.search = [parameters, found.searchParams].map(String).filter(Boolean).join("&");
  return found.href;
}
