import { expect, test } from 'vitest'
import { parseUrl } from './url.ts'

test.each([
  ['https://a.example.com/b', 'https', 'a.example.com', undefined, '', ''],
  ['HTTPS://A:8443/b?c=d#e%20f', 'https', 'A:8443', undefined, 'c=d', 'e f'],
  ['https://user:pa%40ss!@host/', 'https', 'host', 'user:pa%40ss%21', '', ''],
  ['https://a@b@host', 'https', 'host', 'a%40b', '', ''],
  ['https://[fe80::1%25en0]:8443/', 'https', '[fe80::1%en0]:8443', undefined, '', ''],
  ['https://h%C3%B6st/', 'https', 'höst', undefined, '', ''],
  ['https://a"b<c>/', 'https', 'a"b<c>', undefined, '', ''],
  ['https://host:/', 'https', 'host:', undefined, '', ''],
  ['https://host/a b', 'https', 'host', undefined, '', ''],
  ['https:host', 'https', '', undefined, '', ''],
  ['https:///path', 'https', '', undefined, '', ''],
  ['https://?', 'https', '', undefined, '', ''],
  ['//host/path', '', 'host', undefined, '', ''],
  ['///host', '', '', undefined, '', ''],
  ['host/path', '', '', undefined, '', ''],
  ['', '', '', undefined, '', ''],
])('%s is taken', (text, scheme, host, user, rawQuery, fragment) => {
  expect(parseUrl(text)).toEqual({ scheme, host, user, rawQuery, fragment })
})

test.each([
  ['https://[::1/', 'parse "https://[::1/": missing \']\' in host'],
  ['https://[::1]a/', 'parse "https://[::1]a/": invalid port "a" after host'],
  ['https://host:80a/', 'parse "https://host:80a/": invalid port ":80a" after host'],
  ['https://a b/', 'parse "https://a b/": invalid character " " in host name'],
  ['https://a\\b/', 'parse "https://a\\\\b/": invalid character "\\\\" in host name'],
  ['https://a%20b/', 'parse "https://a%20b/": invalid URL escape "%20"'],
  ['https://host/%zz', 'parse "https://host/%zz": invalid URL escape "%zz"'],
  ['https://host/%a', 'parse "https://host/%a": invalid URL escape "%a"'],
  ['https://host/a#%', 'parse "https://host/a#%": invalid URL escape "%"'],
  ['https://u^r@host/', 'parse "https://u^r@host/": net/url: invalid userinfo'],
  ['https://[fe80::1%25e%2Fn]/', 'parse "https://[fe80::1%25e%2Fn]/": invalid URL escape "%2F"'],
  ['https://host/\x7f\n', 'parse "https://host/\\x7f\\n": net/url: invalid control character in URL'],
  ['://host', 'parse "://host": missing protocol scheme'],
  ['1https://host', 'parse "1https://host": first path segment in URL cannot contain colon'],
])('%j is none', (text, error) => {
  expect(parseUrl(text)).toEqual({ error })
})
