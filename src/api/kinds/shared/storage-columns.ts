/** What tables of volumes and of claims for them have in common. */

const SHORT_MODES: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class'

/** `RWO,RWX`, in upstream's order whatever the object's. */
export function accessModesText(modes: readonly string[] | undefined): string {
  return SHORT_MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',')
}

/** The class by name, an old annotation first. */
export function storageClassName(object: {
  metadata: { annotations?: Readonly<Record<string, string>> }
  spec: { storageClassName?: string }
}): string {
  return object.metadata.annotations?.[CLASS_ANNOTATION] ?? object.spec.storageClassName ?? ''
}
