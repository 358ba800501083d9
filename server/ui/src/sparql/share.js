// A link that holds the query and pins the release; long queries go behind the # so that any server takes them.
const LONGEST = 3000;

export function share(settings, query) {
  const address = new URL(settings.endpoint, location.href);
  address.searchParams.set("release", settings.pinned || settings.release);
  const parameters = new URLSearchParams({query});
  if (String(parameters).length > LONGEST) address.hash = String(parameters);
  else address.search = `${parameters}&${address.searchParams}`;
  return address.href;
}
