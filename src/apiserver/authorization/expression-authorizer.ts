/** The authorizer as expressions see it: `authorizer.group('apps').resource('deployments').check('create')`. */
import type { AuthorizerPort } from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import { accountUserName, serviceAccountGroups } from '../authentication/service-account-names.ts'
import type { Authorizer } from './authorizer.ts'

export function expressionAuthorizer(authorizer: Authorizer, user: UserInfo): AuthorizerPort {
  return {
    decide: access => {
      const { verdict, reason } = authorizer.decide(user, access)
      return { isAllowed: verdict === 'allow', reason }
    },
    as: (namespace, name) =>
      expressionAuthorizer(authorizer, {
        name: accountUserName(namespace, name),
        groups: [...serviceAccountGroups(namespace), 'system:authenticated'],
      }),
  }
}
