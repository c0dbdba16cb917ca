/** Names of images, as far as the API server looks into them: `[registry/]repository[:tag][@digest]`. */

/** The tag; `latest` when neither tag nor digest is given, '' when only a digest is. */
function imageTag(image: string): string {
  const [name = '', digest] = image.split('@')
  const lastPart = name.slice(name.lastIndexOf('/') + 1)
  const colon = lastPart.indexOf(':')
  if (colon >= 0) return lastPart.slice(colon + 1)
  return digest ? '' : 'latest'
}

/** What imagePullPolicy is when nobody says: Always for `latest`. */
export function defaultPullPolicy(image: string | undefined): 'Always' | 'IfNotPresent' {
  return imageTag(image ?? '') === 'latest' ? 'Always' : 'IfNotPresent'
}
