import { toSearchTerms } from '@parley/text';

// Words that people use for one another when they ask about a program. A guide says one of them.
const GROUPS = [
  'store save keep hold persist',
  'delete remove erase clear',
  'change switch edit modify',
  'start launch run begin',
  'stop cancel abort interrupt',
  'conversation chat thread',
  'private privacy confidential',
  'send upload transmit',
  'install setup deploy',
  'log sign',
  'update upgrade',
  'document file',
  'cite citation source reference',
  'error problem fail failure trouble',
  'fast quick speed',
  'image picture photo',
  'backup back',
  'answer write generate reply respond response',
  'theme mode appearance',
  'user account member',
  'network lan',
  'computer machine device',
  '保存 存储 储存 存放 保留',
  '删除 移除 清除 删掉',
  '更换 切换 修改 更改 改变',
  '启动 开始 运行 打开',
  '停止 终止 取消 中断',
  '对话 会话 聊天',
  '上传 发送 外传',
  '安装 部署',
  '登录 登陆',
  '更新 升级',
  '文档 文件 资料',
  '引用 来源 出处',
  '密钥 秘钥',
  '错误 报错 失败 出错',
  '隐私 私密',
  '主题 模式 外观',
  '深色 暗色 黑色 夜间 暗黑',
  '浅色 亮色 白色',
  '用户 账户 账号 帐号 成员',
  '回答 生成 回复',
  '电脑 机器 设备',
  '外网 联网 互联网 网络',
  '接入 连接 添加',
  '刷新 重新加载 重载',
  '占用 冲突',
];

const BY_TERM = new Map(
  GROUPS.flatMap((group) => {
    const words = group.split(' ').flatMap(toTerm);
    return words.map((word) => [word, words.filter((other) => other !== word)] as const);
  }),
);

/** The terms that stand for the same as one of `terms`. */
export function synonymsOf(terms: readonly string[]): string[] {
  return terms.flatMap((term) => BY_TERM.get(term) ?? []);
}

// Of a Chinese word only the pair of characters means it; the single ones stand in many words.
function toTerm(word: string): string[] {
  return toSearchTerms(word).slice(-1);
}
