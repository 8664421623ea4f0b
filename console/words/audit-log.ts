/** Words of the audit log: who did what. The operations have a table of their own. */
import type { AuditEntry } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const ACTOR_KIND_WORDS = {
  user: { en: 'User', zh: '用户' },
  api_key: { en: 'API key', zh: 'API 密钥' },
  operator_cli: { en: 'Command on the server', zh: '服务器命令' },
  nobody: { en: 'Not signed in', zh: '未登录' },
} satisfies WordTable & Record<AuditEntry['actor']['kind'], unknown>;

export const OUTCOME_WORDS = {
  done: { en: 'Done', zh: '已完成' },
  refused: { en: 'Refused', zh: '被拒绝' },
  failed: { en: 'Failed', zh: '出错' },
  replayed: { en: 'Repeated: nothing done', zh: '重复请求，未执行' },
  open: { en: 'Under way', zh: '进行中' },
} satisfies WordTable;

export const AUDIT_LOG = {
  explain: {
    en: 'Every change, by whom and from where. An entry that was changed or taken away is found out: this command on the server checks the whole log:',
    zh: '每一项操作及其操作人和来源。记录若被改动或删除都会被发现，在服务器上用此命令检查：',
  },
  tableOf: { en: 'Audit log, newest first', zh: '操作记录，最新的在前' },
  none: { en: 'Nobody has done anything yet.', zh: '还没有操作记录。' },
  noneMatch: { en: 'Nothing matches these filters.', zh: '没有符合筛选条件的记录。' },
  clear: { en: 'Clear filters', zh: '清除筛选' },
  time: { en: 'When', zh: '时间' },
  actor: { en: 'Who', zh: '操作人' },
  operation: { en: 'What', zh: '操作' },
  target: { en: 'On what', zh: '对象' },
  address: { en: 'From', zh: '来源地址' },
  outcome: { en: 'Outcome', zh: '结果' },
  anyTime: { en: 'Any time', zh: '全部时间' },
  anyActor: { en: 'Anybody', zh: '所有操作人' },
  anyOperation: { en: 'Anything', zh: '所有操作' },
  targetHint: { en: 'Id of what it was done to', zh: '操作对象的编号' },
  search: { en: 'Search', zh: '搜索' },
  close: { en: 'Close', zh: '关闭' },
  notHere: {
    en: 'This entry is not on this page of the list. Look for it further back.',
    zh: '这条记录不在当前列表页中，请向后翻页查找。',
  },
  id: { en: 'Id', zh: '编号' },
  actorId: { en: 'Who, as an id', zh: '操作人编号' },
  operationId: { en: 'Operation of the API', zh: '接口操作' },
  answered: { en: 'Answered', zh: '应答时间' },
  code: { en: 'Answer', zh: '应答' },
  openNote: {
    en: 'It has no answer yet; or the gateway was stopped before there was one.',
    zh: '尚无应答，或网关在应答之前已停止。',
  },
  number: { en: 'Number in the chain', zh: '链中序号' },
  hash: { en: 'Hash', zh: '哈希值' },
  request: { en: 'What was asked (secrets are masked)', zh: '请求内容（敏感信息已隐去）' },
  look: { en: 'Look at it', zh: '查看对象' },
  ways: { en: 'Where to go from here', zh: '相关页面' },
  onlyActor: {
    en: (name: string) => `Everything by: ${name}`,
    zh: (name: string) => `${name} 的全部操作`,
  },
  onlyTarget: { en: 'Everything done to it', zh: '该对象的全部操作' },
} satisfies WordTable;
