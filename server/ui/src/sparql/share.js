// A link with the query and the release. Long queries go into the fragment, so that no server rejects the URL.
const MAX_QUERY_STRING = 3000;

export function share(settings, query) {
  const address = new URL(settings.endpoint, location.href);
  address.searchParams.set("release", settings.pinned || settings.release);
  const parameters = new URLSearchParams({query});
  if (String(parameters).length > MAX_QUERY_STRING) address.hash = String(parameters);
  else address.search = `${parameters}&${address.searchParams}`;
  return address.href;
}
