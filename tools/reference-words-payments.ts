/** The Chinese of what the document says about payments, refunds, figures, events and webhooks; `reference-words.ts` looks it up. */
export const WORDS_OF_PAYMENTS: Readonly<Record<string, string>> = {
  'Your number of the bill.': '您的商户单号。',
  '1, or more when the bill was charged again after it ended unpaid.':
    '第几次：未付而结束后再次收款时大于 1。',
  'How the guest pays.': '顾客的付款方式。',
  'Whole fen: 8800 is 88.00 yuan.': '以分为单位的整数：8800 即 88.00 元。',
  'Whole fen that went back.': '已退回的金额，单位分。',
  'Whole fen that are on their way back.': '正在退回的金额，单位分。',
  '`created`: begun, and not certain. `awaiting_buyer`: the guest has to scan or to confirm. `paid`: the money is there. `declined`: Alipay refused. `closed`: ended unpaid. `reversed`: was paid, and all of it went back.':
    '`created`：已发起，尚不确定。`awaiting_buyer`：等顾客扫码或确认。`paid`：钱已到账。`declined`：支付宝拒绝。`closed`：未付而结束。`reversed`：曾经付款，已全额退回。',
  'The money came after the payment had ended unpaid.': '钱在支付未付而结束之后才到。',
  'What may be done with it now.': '现在可以对它做什么。',
  '`show_qr_code`: show it to the guest. `wait_for_buyer`: the guest confirms on the phone.':
    '`show_qr_code`：展示给顾客。`wait_for_buyer`：顾客在手机上确认。',
  'The text of the code.': '二维码的文本。',
  'Its picture, as SVG.': '二维码图片，SVG。',
  'Its picture, as PNG.': '二维码图片，PNG。',
  'Where a page hears of it, without a key (streamPayment).':
    '网页无需密钥即可从这里得知其变化（streamPayment）。',
  'Alipay’s code, e.g. ACQ.BUYER_BALANCE_NOT_ENOUGH.':
    '支付宝的代码，例如 ACQ.BUYER_BALANCE_NOT_ENOUGH。',
  'Alipay’s sentence, for the clerk.': '支付宝的说明，给收银员看。',
  '`key_…` or `user_…`.': '`key_…` 或 `user_…`。',
  'As it was called then.': '当时的名称。',
  'Who asked for it; null for what came over v1 or by itself.':
    '由谁发起；来自 v1 或自动发生的为 null。',
  'Our number of the trade at Alipay.': '我们在支付宝的商户订单号。',
  'Alipay’s own number of it.': '支付宝交易号。',
  'The buyer’s account, masked by Alipay.': '买家账号，已由支付宝脱敏。',
  'When it is ended unless it is paid; a cancel brings it forward.':
    '到此时仍未付款则结束；取消会使它提前。',
  'When the guest paid, as Alipay tells it: in whole seconds, by its own clock.':
    '顾客付款的时间，由支付宝给出：整秒，以支付宝的时钟为准。',
  'Nobody can pay it any more: the stream ends.': '已无人能付款：流到此结束。',
  '`pending`: asked for, and not certain. The other two are final.':
    '`pending`：已申请，尚不确定。另外两个是最终结果。',
  'What happened.': '发生了什么。',
  'The payment, or the refund, as it was then.': '当时的支付或退款。',
  'Who did something, or what came.': '谁做了什么，或来了什么。',
  '`before -> after`, when the payment moved.': '支付状态变化时为 `变化前 -> 变化后`。',
  'For programs: what the history keeps of it; accounts are masked.':
    '供程序使用：历史记录中保存的内容；账号已脱敏。',
  'Text, a number, true, false or null.': '文本、数字、true、false 或 null。',
  'The refund that it is about.': '所涉及的退款。',
  'See docs/incidents.md.': '见 docs/incidents.md。',
  '`open`: waits for a person.': '`open`：等待人工处理。',
  'Who; `gateway` where it became moot by itself.': '由谁处理；不再需要处理时为 `gateway`。',
  'Whose events; null for those of all.': '谁的事件；null 为所有商户的。',
  'What it wants to hear of; everything when there are none.': '要接收的事件类型；没有则全部接收。',
  '`failing`: three days of attempts were in vain; nothing is sent until it is enabled again.':
    '`failing`：尝试三天均失败；重新启用之前不再发送。',
  'Signs what is sent: in the answer that made it, and never again.':
    '用于签名所发送的内容：只在创建它的应答中出现一次。',
  'The one that the event is about, or its refund.': '事件所涉及的支付，或其退款所属的支付。',
  '`failed`: three days were in vain.': '`failed`：三天尝试均失败。',
  'Of the answer.': '应答的状态码。',
  'Its beginning.': '应答的开头部分。',
  'Why there was no answer.': '为何没有应答。',
  'Oldest first; only of a single delivery.': '从旧到新；只在查看单次投递时给出。',
  'It answered with 2xx.': '以 2xx 应答。',
  'Whole fen.': '单位分。',
  'Refunds that succeeded, of all payments that are meant.': '所指全部支付中成功的退款。',
  'What was paid and has not gone back: of those that are paid, less their refunds.':
    '已付且未退回的金额：已支付的减去其退款。',
  'What the series goes by.': '序列按什么划分。',
  'Payments that are over, paid or not: all but `created` and `awaiting_buyer`.':
    '已结束的支付，不论是否已付：除 `created` 和 `awaiting_buyer` 以外的全部。',
  'Of those that are over, how many are paid: 0 to 1, with four decimals. null when none is over.':
    '已结束的支付中已付的比例：0 到 1，四位小数。没有已结束的则为 null。',
  'Of those that are paid, in whole fen, rounded. null when none is.':
    '已付支付的平均金额，单位分，四舍五入。没有则为 null。',
  'Refunds of these payments that succeeded, whenever that was.': '这些支付的成功退款，不论何时。',
  'Of the time before that, of the same length.': '此前同样长的一段时间的数据。',
  'Each hour or day that the time touches, oldest first. The first and the last hold what is within it.':
    '所涉及的每个小时或每一天，从旧到新。首尾两段只含该时间范围之内的。',
  'How.': '支付方式。',
  'The ten with the most that was paid, the most first.': '已付金额最多的十个，从多到少。',
  'Answer as soon as the outcome is final, or after so many seconds.':
    '结果一确定就应答，或在这么多秒之后应答。',
  'New for each intention, the same when the call is repeated: then it has one effect and one answer.':
    '每个意图用新的值，重发时用同一个：只生效一次，应答也只有一个。',
  '`barcode`: the guest shows a code. `qr`: the guest scans one.':
    '`barcode`：顾客出示付款码。`qr`：顾客扫二维码。',
  'The guest’s payment code; for `barcode` only.': '顾客的付款码；仅用于 `barcode`。',
  'The merchant’s id; a merchant’s own key needs none.': '商户编号；商户自己的密钥无需填写。',
  'Your number of the bill: one bill, one payment. v1 calls it localNo.':
    '您的商户单号：一张账单，一笔支付。v1 中为 localNo。',
  'What the guest reads in Alipay.': '顾客在支付宝中看到的标题。',
  'More about it.': '更多说明。',
  'The clerk.': '收银员。',
  'The store.': '门店。',
  'Your own note.': '您自己的备注。',
  'Your own notes, kept with the payment and shown again.': '您自己的备注，随支付保存并原样给出。',
  'The payment; its `state` tells what became of it.': '支付；`state` 说明结果。',
  'Those in this state.': '处于该状态的。',
  'Those that are paid so.': '以该方式付款的。',
  'Those of this bill.': '属于该账单的。',
  'Those with this number, whole: the payment’s id or `out_trade_no`, your reference, Alipay’s `trade_no`, or the id of a refund.':
    '具有该号码（完整）的：支付的编号或 `out_trade_no`、您的商户单号、支付宝的 `trade_no`，或退款的编号。',
  'Those of so many fen or more.': '金额（分）不小于。',
  'Those of so many fen or fewer.': '金额（分）不大于。',
  '`true`: those of which something went back. `false`: the others.':
    '`true`：有退款的。`false`：其余的。',
  'Those that this key or user asked for.': '由该密钥或用户发起的。',
  'Begun then or later. In a URL `+` is `%2B`.': '该时间及以后发起。在 URL 中 `+` 写作 `%2B`。',
  'Begun before.': '该时间以前发起。',
  '`next_cursor` of the page before.': '前一页的 `next_cursor`。',
  'A page of payments. For a filter other than `merchant`, a time or a number, ten thousand payments are looked at for a page: it may hold few or none and have a `next_cursor` all the same.':
    '一页支付。除 `merchant`、时间和号码以外的条件，每页查看一万笔：可能只有几笔甚至没有，但仍有 `next_cursor`。',
  'The payment.': '支付。',
  'The payment as it ended, or as it is being ended.': '已结束或正在结束的支付。',
  'The `id` that was heard last; an `EventSource` sends it by itself.':
    '最后听到的 `id`；`EventSource` 会自动发送。',
  'Its state at once, and again whenever it changes. The last one is `final`, and the stream ends.':
    '立即给出状态，每次变化再给出。最后一个是 `final`，流随即结束。',
  'Server-sent events: each has the payment’s version as `id` and a `PaymentStatus` as JSON in `data`.':
    '服务器推送事件：`id` 为支付的版本，`data` 为 JSON 格式的 `PaymentStatus`。',
  'It is final, and `Last-Event-ID` says that this was heard: an `EventSource` stops asking.':
    '已是最终状态，且 `Last-Event-ID` 表明已经听到：`EventSource` 不再询问。',
  'Why, for your books and Alipay’s.': '原因，记入您和支付宝的账目。',
  'The refund; `pending` means that it is on its way.': '退款；`pending` 表示正在退回。',
  'All of them: a payment has few.': '全部退款：一笔支付的退款不多。',
  'Those of this payment.': '属于该支付的。',
  'A page of refunds. For one in a `state`, ten thousand refunds are looked at: it may hold few or none and have a `next_cursor` all the same.':
    '一页退款。按 `state` 筛选时，每页查看一万笔：可能只有几笔甚至没有，但仍有 `next_cursor`。',
  'The refund.': '退款。',
  'The totals of all payments that the filters mean, right to the last one.':
    '条件所指全部支付的合计，精确到最后一笔。',
  'By hour, of 31 days at most; or by day of Shanghai, of 366 at most.':
    '按小时，至多 31 天；或按上海时间的天，至多 366 天。',
  'The figures. A payment counts when it was begun, and so do its refunds, whenever they were made.':
    '统计数据。支付按发起时间计入，其退款不论何时发生也计入该时间。',
  '`csv`: text, UTF-8. `xlsx`: a workbook for Excel or WPS.':
    '`csv`：UTF-8 文本。`xlsx`：Excel 或 WPS 工作簿。',
  'Of titles and states; `zh` unless it is told.': '标题和状态的语言；默认为 `zh`。',
  'All payments that the filters mean, oldest first, one in each row. Those that begin meanwhile are not in it, and each is as it was when its row was written.':
    '条件所指的全部支付，从旧到新，每行一笔。期间新发起的不在其中，每笔为写入该行时的状态。',
  'The file.': '文件。',
  'Those of these types alone: `payment.paid,refund.succeeded`.':
    '只要这些类型：`payment.paid,refund.succeeded`。',
  'Those that happened then or later. In a URL `+` is `%2B`.':
    '该时间及以后发生的。在 URL 中 `+` 写作 `%2B`。',
  'Those that happened before.': '该时间以前发生的。',
  '`next_cursor` of the page before; the id of an event, to go on after it; or `now`, for what happens from now on.':
    '前一页的 `next_cursor`；某个事件的编号，从它之后继续；或 `now`，从此刻开始。',
  'Events, oldest first; without a cursor from the very first.':
    '事件，从旧到新；不带游标则从最早的开始。',
  'Where to go on, also when nothing has happened yet.': '从哪里继续，尚无事件时也会给出。',
  'There are more already.': '后面还有。',
  'Where to begin, as listEvents takes it; `now` unless it is given. `Last-Event-ID` goes before it.':
    '从哪里开始，写法同 listEvents；默认为 `now`。有 `Last-Event-ID` 时以它为准。',
  'It ends after so many seconds, and an `EventSource` comes back; 900 at most.':
    '这么多秒之后结束，`EventSource` 会自动重连；至多 900。',
  'Each event as it happens, with its id, until the stream ends; an `EventSource` comes back by itself and goes on where it was.':
    '事件一发生就给出，附其编号，直到流结束；`EventSource` 会自动重连并从原处继续。',
  'Server-sent events: each has its own id as `id` and an `Event` as JSON in `data`.':
    '服务器推送事件：`id` 为事件编号，`data` 为 JSON 格式的 `Event`。',
  'The event; it never changes.': '事件；永不改变。',
  'Every request, answer, silence, notification, refund and incident, oldest first; `next` is null when nothing is left to happen.':
    '每次请求、应答、无应答、通知、退款和待办，从旧到新；不再有后续时 `next` 为 null。',
  'The payment as Alipay’s answer left it. Asked again within three seconds, the same answer does.':
    '支付宝应答之后的支付。三秒之内再次询问，得到同一应答。',
  'Where to POST to: https://, on the internet unless F2F_WEBHOOKS allows more.':
    'POST 的目标地址：互联网上的 https://，除非 F2F_WEBHOOKS 另有允许。',
  'The endpoint, with its `secret`: nobody can read that again.':
    '端点及其 `secret`：以后无法再次读取。',
  'All of them: there are few.': '全部：数量不多。',
  'The endpoint, without its secret; its ETag names what was read.':
    '端点，不含密钥；其 ETag 标明所读的版本。',
  'Enabled again, it is sent what it is still owed.': '重新启用后，补发尚未送达的内容。',
  'The endpoint as it is now.': '端点现在的内容。',
  'As it was last: nothing more is sent, and what it was owed has ended.':
    '端点最后的内容：不再发送，尚未送达的也已结束。',
  'The endpoint, with its new `secret`.': '端点及其新的 `secret`。',
  'What the program answered.': '程序的应答。',
  '`next_cursor` of before.': '前一次的 `next_cursor`。',
  'How many; with `next_cursor`, ask again.': '数量；有 `next_cursor` 时请继续询问。',
  'Events that are sent (again).': '（再次）发送的事件数。',
  'Ask again with it: there may be more.': '用它继续询问：可能还有。',
  'The endpoint’s id.': '端点编号。',
  'A page of deliveries; one is kept for 30 days after it ended.': '一页投递；结束后保留 30 天。',
  'The delivery, with its `attempts`.': '投递及其 `attempts`。',
  'The delivery, which is pending again.': '投递，重新处于待发送状态。',
  'With the signature; null of an attempt before they were stored.':
    '含签名；早于开始保存请求头的尝试为 null。',
  'Of the answer; null as for the request, and where there is none.':
    '应答的；没有应答时，以及同上情形，为 null。',
};
