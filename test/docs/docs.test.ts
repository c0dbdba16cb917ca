/** The documentation points at what is there: links between pages, and files named in the text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return markdownIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

const pages = ['README.md', ...markdownIn('docs')].filter(path => existsSync(join(ROOT, path)))

/** A page without its fenced blocks, whose contents are examples. */
const proseOf = (page: string): string =>
  readFileSync(join(ROOT, page), 'utf8').replace(/^ *(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ *\1`*~* *$/gm, '')

/** Targets of links and pictures, without those that lead out of the repository or stay on the page. */
function linksOf(page: string): string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^()\s]+)(?: "[^"]*")?\)/g)].map(match => match[1]!)
  return links.filter(link => !/^([a-z]+:|#)/.test(link))
}

/** `src/sim/scope.ts`: files and folders in backticks; patterns (`<name>`, `*`) name no file. */
function pathsOf(page: string): string[] {
  const paths = [...proseOf(page).matchAll(/`((?:src|test|docs|lessons)\/[^`\s]*)`/g)].map(match => match[1]!)
  return paths.filter(path => !/[<>*{}]/.test(path))
}

test('there are pages to read', () => {
  expect(pages).toContain(join('docs', 'ARCHITECTURE.md'))
  expect(pages.length).toBeGreaterThan(20)
})

describe.each(pages)('%s', page => {
  test('links to what exists', () => {
    const missing = linksOf(page).filter(link => {
      const [path = ''] = link.split('#')
      return !existsSync(join(ROOT, dirname(page), decodeURIComponent(path)))
    })
    expect(missing).toEqual([])
  })

  test('names files that exist', () => {
    expect(pathsOf(page).filter(path => !existsSync(join(ROOT, path)))).toEqual([])
  })
})
