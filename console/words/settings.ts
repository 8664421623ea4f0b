/** Words of the settings of the gateway, which are looked at here and set elsewhere. */
import type { GetGatewayAnswer } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const SETTINGS = {
  where: {
    en: 'Settings are made where the gateway is started, as environment variables or in the file .env of its working folder, and hold from the next start. They cannot be changed here.',
    zh: '设置在启动网关的地方进行：环境变量，或其工作目录中的 .env 文件；重启后生效。此处只能查看。',
  },
  gateway: { en: 'This gateway', zh: '本网关' },
  version: { en: 'Version', zh: '版本' },
  database: { en: 'Database', zh: '数据库' },
  alipay: { en: 'Alipay', zh: '支付宝环境' },
  publicUrl: { en: 'Address for Alipay', zh: '供支付宝访问的地址' },
  whereItListens: {
    en: 'None set: the simulator uses the one on which the gateway listens',
    zh: '未设置：模拟器使用网关监听的地址',
  },
  noPublicUrl: {
    en: 'None: payments are settled by asking',
    zh: '无：通过轮询确认支付结果',
  },
  tableOf: { en: 'Settings, changed ones first', zh: '设置列表，已更改的在前' },
  search: { en: 'Find a setting', zh: '查找设置' },
  searchHint: { en: 'A name, a value, or a word of its meaning', zh: '名称、值或含义中的文字' },
  none: { en: 'No setting matches.', zh: '没有符合的设置。' },
  name: { en: 'Name', zh: '名称' },
  value: { en: 'Value', zh: '值' },
  meaning: { en: 'Meaning', zh: '含义' },
  state: { en: 'State', zh: '状态' },
  changed: { en: 'Changed', zh: '已更改' },
  byDefault: { en: 'Default', zh: '默认' },
  notSet: { en: 'not set', zh: '未设置' },
  secret: { en: 'set; a secret is not shown', zh: '已设置，机密不显示' },
} satisfies WordTable;

export const DATABASE_WORDS = {
  sqlite: { en: 'SQLite, a file', zh: 'SQLite（文件）' },
  postgres: { en: 'PostgreSQL', zh: 'PostgreSQL' },
} satisfies WordTable & Record<GetGatewayAnswer['database'], unknown>;

export const ALIPAY_WORDS = {
  simulator: { en: 'Simulator: no money moves', zh: '模拟器：不涉及真实资金' },
  sandbox: { en: 'Alipay’s sandbox: no money moves', zh: '支付宝沙箱：不涉及真实资金' },
  production: { en: 'The real Alipay', zh: '正式环境' },
} satisfies WordTable & Record<GetGatewayAnswer['alipay'], unknown>;
