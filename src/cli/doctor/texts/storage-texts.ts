/**
 * What the doctor says about the data folder, the master key and what waits in the database.
 * The checks are in `../storage.ts`; what it says about the database itself is in `database-texts.ts`.
 */
import type { FindingText } from '../finding-text.ts';

export const STORAGE_TEXTS = {
  data_folder_not_made: {
    severity: 'note',
    problem: {
      en: 'There is no data folder {path} yet; the first start makes it.',
      zh: '数据目录 {path} 尚不存在；首次启动时会创建。',
    },
    fix: {
      en: 'Where a gateway has run before, run the doctor in its working directory, or set F2F_DATA_DIR.',
      zh: '若此前已运行过网关，请在其工作目录中运行 doctor，或设置 F2F_DATA_DIR。',
    },
  },
  data_folder_missing: {
    severity: 'warning',
    problem: {
      en: 'There is no data folder {path}, and Alipay is the real one: the gateway would begin with an empty book.',
      zh: '数据目录 {path} 不存在，而使用的是真实的支付宝：网关将从空账开始。',
    },
    fix: {
      en: 'Set F2F_DATA_DIR to the folder of the running gateway; on a first start, go on.',
      zh: '请把 F2F_DATA_DIR 设为网关现用的目录；若是首次启动，可继续。',
    },
  },
  data_folder_no_folder: {
    severity: 'failure',
    problem: {
      en: '{path} (F2F_DATA_DIR) is not a folder.',
      zh: '{path}（F2F_DATA_DIR）不是目录。',
    },
    fix: { en: 'Set F2F_DATA_DIR to a folder.', zh: '请把 F2F_DATA_DIR 设为一个目录。' },
  },
  data_folder_not_usable: {
    severity: 'failure',
    problem: {
      en: 'The data folder {path} cannot be read and written by this user ({why}).',
      zh: '当前用户无法读写数据目录 {path}（{why}）。',
    },
    fix: {
      en: 'Run the gateway as the owner of the folder, or give it to the user of the gateway with chown.',
      zh: '请以目录所有者身份运行网关，或用 chown 把目录交给运行网关的用户。',
    },
  },
  data_folder_open: {
    severity: 'warning',
    problem: {
      en: 'Other users of this host may enter the data folder {path} (mode {mode}).',
      zh: '本机其他用户可进入数据目录 {path}（权限 {mode}）。',
    },
    fix: { en: 'Run chmod 700 {path}.', zh: '请执行 chmod 700 {path}。' },
  },
  disk_full: {
    severity: 'failure',
    problem: {
      en: 'The disk of {path} has {free} left: a payment that cannot be written down is refused.',
      zh: '{path} 所在磁盘只剩 {free}：无法记下的付款会被拒绝。',
    },
    fix: {
      en: 'Make room on that disk now, or move the data folder to a larger one while the gateway is stopped.',
      zh: '请立即清理该磁盘，或停止网关后把数据目录移到更大的磁盘。',
    },
  },
  disk_low: {
    severity: 'warning',
    problem: {
      en: 'The disk of {path} has {free} left.',
      zh: '{path} 所在磁盘只剩 {free}。',
    },
    fix: {
      en: 'Make room before it is full: what cannot be written down is refused.',
      zh: '请在写满之前清理：无法记下的会被拒绝。',
    },
  },
  master_key_not_made: {
    severity: 'note',
    problem: {
      en: 'There is no master key file {path} yet; the first start with the simulator makes it.',
      zh: '主密钥文件 {path} 尚不存在；使用模拟器首次启动时会创建。',
    },
    fix: {
      en: 'Nothing is to be done for a trial; the real Alipay needs the file beforehand.',
      zh: '试用时无需处理；使用真实的支付宝之前须先备好该文件。',
    },
  },
  master_key_missing: {
    severity: 'failure',
    problem: {
      en: 'The master key file {path} does not exist: stored private keys cannot be opened, and none can be sealed.',
      zh: '主密钥文件 {path} 不存在：无法打开已存的私钥，也无法加密新的私钥。',
    },
    fix: {
      en: 'Put it back from the backup; only where no gateway has run yet, make one with head -c 32 /dev/urandom > FILE and chmod 600.',
      zh: '请从备份中恢复；只有在从未运行过网关时，才用 head -c 32 /dev/urandom > FILE 和 chmod 600 新建。',
    },
  },
  master_key_unreadable: {
    severity: 'failure',
    problem: {
      en: 'The master key file {path} cannot be read ({why}).',
      zh: '无法读取主密钥文件 {path}（{why}）。',
    },
    fix: {
      en: 'Give the file to the user of the gateway with chown, mode 0600.',
      zh: '请用 chown 把该文件交给运行网关的用户，权限 0600。',
    },
  },
  master_key_wrong_size: {
    severity: 'failure',
    problem: {
      en: 'The master key file {path} has {bytes} bytes instead of 32.',
      zh: '主密钥文件 {path} 有 {bytes} 个字节，应为 32 个。',
    },
    fix: {
      en: 'Put the right file back from the backup: 32 raw bytes, not hexadecimal or base64 text, and no line end.',
      zh: '请从备份中恢复正确的文件：32 个原始字节，不是十六进制或 base64 文本，也没有换行。',
    },
  },
  master_key_open: {
    severity: 'warning',
    problem: {
      en: 'Other users of this host may read the master key file {path} (mode {mode}).',
      zh: '本机其他用户可读取主密钥文件 {path}（权限 {mode}）。',
    },
    fix: { en: 'Run chmod 600 {path}.', zh: '请执行 chmod 600 {path}。' },
  },
  master_key_of_another: {
    severity: 'failure',
    problem: {
      en: 'The master key file {path} is not the one that sealed the private keys in the database.',
      zh: '主密钥文件 {path} 不是加密数据库中私钥的那一个。',
    },
    fix: {
      en: 'Put the right file back from the backup; without it each shop needs new keys at Alipay.',
      zh: '请从备份中恢复正确的文件；没有它，每个门店都需在支付宝更换密钥。',
    },
  },
  payments_overdue: {
    severity: 'warning',
    problem: {
      en: '{count} payments have waited for a look for more than a minute.',
      zh: '有 {count} 笔付款等待处理已超过一分钟。',
    },
    fix: {
      en: 'Start the gateway; where it runs, mend what keeps it from Alipay, and see npm run f2f -- incident list.',
      zh: '请启动网关；若已在运行，请先解决它访问支付宝的问题，并查看 npm run f2f -- incident list。',
    },
  },
  refunds_overdue: {
    severity: 'warning',
    problem: {
      en: '{count} refunds have waited for a look for more than a minute.',
      zh: '有 {count} 笔退款等待处理已超过一分钟。',
    },
    fix: {
      en: 'Start the gateway; where it runs, mend what keeps it from Alipay, and see npm run f2f -- incident list.',
      zh: '请启动网关；若已在运行，请先解决它访问支付宝的问题，并查看 npm run f2f -- incident list。',
    },
  },
  incidents_open: {
    severity: 'warning',
    problem: {
      en: '{count} incidents wait for a person: the gateway could not decide by itself.',
      zh: '有 {count} 个事件等待人工处理：网关无法自行作出决定。',
    },
    fix: {
      en: 'Look with npm run f2f -- incident list, and incident show NO.',
      zh: '请用 npm run f2f -- incident list 和 incident show NO 查看。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;
