import type { Locale } from '../../problems/model.ts';
import type { Failure, Obstacle } from '../writing/steps.ts';

/** What stands in big letters, and below it what to do. */
interface Told {
  readonly title: string;
  readonly detail: string;
}

/** Plain texts, so that a page sends its phone those of one language. `{…}` is filled in there. */
export interface WritingTexts {
  readonly title: string;
  readonly at: string;
  readonly stepsName: string;
  readonly steps: readonly [string, string, string, string, string];
  readonly done: string;
  readonly now: string;
  readonly preparing: Told;
  readonly start: Told;
  readonly writtenBefore: string;
  readonly asking: Told;
  readonly waiting: Told;
  readonly slow: string;
  readonly existing: Told;
  readonly holds: string;
  readonly writing: Told;
  readonly checking: Told;
  readonly reporting: Told;
  readonly unsent: Told;
  readonly written: Told;
  readonly serial: string;
  readonly verified: Told;
  readonly lock: Readonly<Record<'offer' | 'sure' | 'locking' | 'locked' | 'failed', string>>;
  readonly obstacles: Readonly<Record<Obstacle, Told>>;
  readonly failures: Readonly<Record<Failure, Told>>;
  readonly buttons: Readonly<
    Record<
      | 'allow'
      | 'cancel'
      | 'overwrite'
      | 'otherTag'
      | 'again'
      | 'send'
      | 'lock'
      | 'lockSure'
      | 'keepOpen'
      | 'copyLink'
      | 'copied',
      string
    >
  >;
  readonly qr: string;
  readonly fallback: {
    readonly title: string;
    readonly text: string;
    readonly url: string;
    readonly ndef: string;
    readonly size: string;
  };
  readonly noScript: string;
}

export const writingTexts: Readonly<Record<Locale, WritingTexts>> = {
  en: {
    title: 'Write the tag',
    at: '{stand} · {till}',
    stepsName: 'Steps',
    steps: ['Allow NFC', 'Hold the tag', 'Check', 'Lock (optional)', 'Test touch'],
    done: 'done',
    now: 'now',
    preparing: { title: 'One moment', detail: 'Looking whether this phone can write tags.' },
    start: {
      title: 'Ready to write',
      detail: 'Have the tag at hand. Chrome will ask whether this page may use NFC: allow it.',
    },
    writtenBefore: 'A tag was written for this stand before. A second tag works in the same way.',
    asking: {
      title: 'Allow NFC',
      detail: 'Chrome asks whether this page may use NFC. Choose “Allow”.',
    },
    waiting: {
      title: 'Hold the tag to the back of the phone',
      detail: 'Hold it still, near the camera or in the middle, until the phone vibrates.',
    },
    slow: 'Nothing yet? Move the tag away and hold it there again, or shift it a little. Take the phone out of its case, and lay the tag on no metal.',
    existing: {
      title: 'Something is on this tag',
      detail: 'Overwrite it only if the tag is yours. What is on it now will be gone.',
    },
    holds: 'On it now: {url}',
    writing: { title: 'Writing', detail: 'Do not move the tag.' },
    checking: {
      title: 'Now hold it there once more',
      detail: 'Lift the tag for a moment and hold it to the phone again, to read it back.',
    },
    reporting: { title: 'The tag is right', detail: 'Telling the till.' },
    unsent: {
      title: 'The tag is written, the line is down',
      detail: 'Keep this page open. The till is told as soon as there is a connection.',
    },
    written: {
      title: 'Written',
      detail: 'Stick it to the stand and touch it with a phone. This page waits for that touch.',
    },
    serial: 'Tag {serial}',
    verified: {
      title: 'It works',
      detail: 'The touch has arrived at the till. You can close this page.',
    },
    lock: {
      offer: 'Optional: a locked tag cannot be changed by strangers, and by nobody ever again.',
      sure: 'Lock this tag for good? It can never be written again.',
      locking: 'Hold the tag to the phone to lock it.',
      locked: 'The tag is locked.',
      failed: 'The tag was not locked. It may not support that; it works without.',
    },
    obstacles: {
      'in-app': {
        title: 'Open this page in Chrome',
        detail:
          'The browser inside this app cannot write tags. Copy the link, open Chrome and paste it there, or choose “Open in browser” in the menu.',
      },
      'not-android': {
        title: 'Continue on an Android phone',
        detail:
          'Tags are written by Chrome on Android phones with NFC. Scan this code with one, or copy the link there.',
      },
      insecure: {
        title: 'The connection is not secure',
        detail: 'A browser lets only pages with https use NFC. Open the page by its https address.',
      },
      unsupported: {
        title: 'This browser cannot write tags',
        detail:
          'Use Chrome 89 or newer on an Android phone with NFC, and open the link there. Or write with an NFC app: see below.',
      },
    },
    failures: {
      denied: {
        title: 'NFC is not allowed',
        detail:
          'Tap the sign left of the address, choose “Permissions”, allow NFC and try again here.',
      },
      'nfc-off': {
        title: 'NFC is switched off',
        detail: 'Switch NFC on in the settings of the phone, under “Connected devices”.',
      },
      'no-adapter': {
        title: 'This phone has no NFC',
        detail: 'Continue on another Android phone, or write with an encoder: see below.',
      },
      torn: {
        title: 'The tag moved away too early',
        detail: 'Nothing is lost. Hold it still until the phone vibrates.',
      },
      unwritable: {
        title: 'This tag cannot be written',
        detail: 'It is locked, too small or of another kind. Take an NTAG213, 215 or 216.',
      },
      mismatch: {
        title: 'The tag holds something else',
        detail: 'What was read back is not what was written. Write it again, or take another tag.',
      },
      unexpected: {
        title: 'That did not work',
        detail: 'The phone did not say why. Try again, or restart Chrome.',
      },
    },
    buttons: {
      allow: 'Allow NFC and start',
      cancel: 'Cancel',
      overwrite: 'Overwrite this tag',
      otherTag: 'Take another tag',
      again: 'Try again',
      send: 'Tell the till now',
      lock: 'Lock the tag…',
      lockSure: 'Yes, lock it for good',
      keepOpen: 'No, leave it open',
      copyLink: 'Copy the link',
      copied: 'Copied',
    },
    qr: 'QR code of this page',
    fallback: {
      title: 'Write with another app or an encoder',
      text: 'Any NFC app can write this address as a URL record. The till is told at the first touch.',
      url: 'Address',
      ndef: 'NDEF message, hexadecimal',
      size: '{bytes} bytes on the tag; fits {tags}.',
    },
    noScript: 'This page writes by its script. Switch JavaScript on, or use what stands below.',
  },
  'zh-CN': {
    title: '写入标签',
    at: '{stand} · {till}',
    stepsName: '步骤',
    steps: ['获取 NFC 权限', '贴近标签', '校验', '锁定（可选）', '碰一碰测试'],
    done: '已完成',
    now: '当前',
    preparing: { title: '请稍候', detail: '正在检查此手机能否写入标签。' },
    start: {
      title: '可以开始写入',
      detail: '请准备好标签。Chrome 会询问是否允许此页面使用 NFC，请选择允许。',
    },
    writtenBefore: '该立牌已写入过标签，再写一张也可同样使用。',
    asking: {
      title: '获取 NFC 读写能力',
      detail: 'Chrome 正在询问是否允许使用 NFC，请点击“允许”。',
    },
    waiting: {
      title: '请将标签贴近手机背面',
      detail: '贴在摄像头附近或背面中央，保持不动，直到手机振动。',
    },
    slow: '没有反应？请移开后重新贴近，或稍微移动位置；可取下手机壳，并避免将标签放在金属上。',
    existing: {
      title: '标签中已有内容',
      detail: '请确认标签属于您再覆盖，原有内容将被清除。',
    },
    holds: '当前内容：{url}',
    writing: { title: '正在写入', detail: '请勿移动标签。' },
    checking: { title: '请再贴近一次', detail: '将标签移开片刻后再次贴近手机，以便读回校验。' },
    reporting: { title: '标签内容正确', detail: '正在通知收银台。' },
    unsent: {
      title: '标签已写入，网络已断开',
      detail: '请勿关闭此页面，网络恢复后将自动通知收银台。',
    },
    written: {
      title: '写入成功',
      detail: '请将标签贴到立牌上，用手机碰一碰。此页面会等待该次碰一碰。',
    },
    serial: '标签 {serial}',
    verified: { title: '可以使用', detail: '收银台已收到碰一碰，您可以关闭此页面。' },
    lock: {
      offer: '可选：锁定后他人无法更改标签，您自己也无法再次写入。',
      sure: '确定永久锁定此标签？锁定后将无法再次写入。',
      locking: '请将标签贴近手机以完成锁定。',
      locked: '标签已锁定。',
      failed: '标签未锁定，可能不支持锁定；不锁定也可正常使用。',
    },
    obstacles: {
      'in-app': {
        title: '请在 Chrome 中打开此页面',
        detail:
          '当前应用内的浏览器无法写入标签。请复制链接后在 Chrome 中打开，或在菜单中选择“在浏览器打开”。',
      },
      'not-android': {
        title: '请使用安卓手机继续',
        detail: '写入标签需使用带 NFC 的安卓手机和 Chrome 浏览器。请用该手机扫描此码，或复制链接。',
      },
      insecure: {
        title: '当前连接不安全',
        detail: '浏览器仅允许 https 页面使用 NFC，请通过 https 地址打开此页面。',
      },
      unsupported: {
        title: '当前浏览器无法写入标签',
        detail:
          '请在带 NFC 的安卓手机上使用 Chrome 89 或更高版本打开链接，或按下方内容使用其他 NFC 应用写入。',
      },
    },
    failures: {
      denied: {
        title: '未获得 NFC 权限',
        detail: '请点击地址栏左侧的图标，进入“权限”，允许 NFC 后重试。',
      },
      'nfc-off': { title: 'NFC 未开启', detail: '请在手机设置的“已连接的设备”中开启 NFC。' },
      'no-adapter': {
        title: '此手机不支持 NFC',
        detail: '请更换安卓手机，或按下方内容使用编码器写入。',
      },
      torn: { title: '标签过早移开', detail: '内容未丢失，请重新贴近并保持不动，直到手机振动。' },
      unwritable: {
        title: '此标签无法写入',
        detail: '标签已锁定、容量不足或类型不符，请使用 NTAG213、215 或 216。',
      },
      mismatch: {
        title: '标签内容不一致',
        detail: '读回的内容与写入的内容不一致，请重新写入或更换标签。',
      },
      unexpected: { title: '操作未成功', detail: '手机未说明原因，请重试或重启 Chrome。' },
    },
    buttons: {
      allow: '获取 NFC 权限并开始',
      cancel: '取消',
      overwrite: '覆盖此标签',
      otherTag: '更换标签',
      again: '重试',
      send: '立即通知收银台',
      lock: '锁定标签…',
      lockSure: '确定永久锁定',
      keepOpen: '暂不锁定',
      copyLink: '复制链接',
      copied: '已复制',
    },
    qr: '此页面的二维码',
    fallback: {
      title: '使用其他应用或编码器写入',
      text: '任何 NFC 应用均可将此地址写为 URL 记录，首次碰一碰时会通知收银台。',
      url: '地址',
      ndef: 'NDEF 消息（十六进制）',
      size: '占用标签 {bytes} 字节，适用于 {tags}。',
    },
    noScript: '此页面需要 JavaScript 才能写入，请启用后重试，或使用下方内容。',
  },
};
