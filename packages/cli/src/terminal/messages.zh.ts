import { errorSentences } from '@parley/contracts';
import { evalChinese, kbChinese } from './knowledge-messages.zh.ts';
import { modelsChinese } from './model-messages.zh.ts';
import type { Messages } from './messages.en.ts';

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} 秒`;

const STATES = {
  starting: '启动中',
  loading: '加载中',
  running: '运行中',
  restarting: '重启中',
  stopped: '已停止',
  released: '已释放',
  failed: '失败',
} as const;

export const chinese: Messages = {
  failure: (code, message) => `${errorSentences.zh[code]}（${message}）`,
  settings: {
    wrong: '以下设置有误：',
    fileMissing: (file) => `PARLEY_CONFIG 指向的 ${file} 不存在。`,
    notYaml: (file, reason) => `${file} 不是有效的 YAML：${reason}`,
    notByName: (file) => `${file} 必须按名称填写设置，例如 "server:"。`,
  },
  help: {
    parley: '可自行部署、自带模型服务的 ChatGPT',
    up: '启动整个系统并保持运行',
    status: '显示运行中的进程及其内存',
    version: '打印版本',
    help: '打印命令的用法',
    calledWrongly: '命令的写法有误，加上 --help 可以看到用法。',
    titles: { 'Usage:': '用法：', 'Arguments:': '参数：', 'Options:': '选项：', 'Commands:': '命令：' },
    json: '改为打印一个 JSON 对象',
    ask: '提一个问题，打印流式回答及其来源',
    askModel: '要问的模型；默认为第一个就绪的模型',
    askConversation: '继续某个对话',
    askBase: '根据哪个知识库回答；可以写多次',
    rag: '就网页和文件提问，打印流式回答及其来源',
    ragSources: '网页地址，以及文件：PDF、Word、Excel、PowerPoint、HTML、Markdown、文本等，或它们的 zip 压缩包',
    ragAsk: '要问的问题',
    ragSelect: '只保留网页中这些 CSS 选择器选中的部分；默认为正文',
    ragSplit: '按字符数切分，例如 1000/200（每段 1000，重叠 200）；默认按标题切分',
    ragEmbeddingModel: '同时按含义查找段落的向量模型；默认只按词语检索',
    ragStore: '段落存放在哪里：memory（默认，内存）、embedded（内置）或 chroma',
    ragChromaUrl: 'Chroma 服务器的地址；默认为设置中的 server.chroma_url',
    ragCollection: '内置存储或 Chroma 用来保存段落、供下次使用的名字；默认为 "rag"',
    ragHistory: '保存对话的 JSON 文件，下一个问题可以接着问',
    ragAllowPrivate: '也打开本机和内部网络里的网页',
    mcp: '通过标准输入输出向 MCP 客户端提供知识库',
    password: '设置所有者的密码，忘记密码时也可用',
    doctor: '检查启动所需的一切',
    gpu: '让本地模型使用 GPU：下载默认安装不含的相应二进制文件',
    gpuKind: 'cuda（NVIDIA）、vulkan（其他显卡），或 none（移除）',
    config: '打印当前生效的设置，密钥隐藏',
    token: '供脚本使用应用 API 的令牌',
    tokenCreate: '创建一个令牌并打印',
    tokenName: '令牌的用途',
    tokenList: '列出令牌',
    tokenRevoke: '吊销一个令牌',
  },
  starting: (version) => `Parley ${version} 正在启动……`,
  needsKey: (variable) => `需要密钥：请在 .env 中写入 ${variable}=…`,
  keysOffered: (variables, others) =>
    `更多模型只需要密钥：在页面上粘贴，或写入 .env，例如 ${variables.map((name) => `${name}=…`).join('、')}${others > 0 ? `（另有 ${others} 家厂商）` : ''}`,
  took: seconds,
  ready: (ms, url) => `已就绪，用时 ${seconds(ms)}。请打开 ${url}`,
  stopHint: '按 Ctrl+C 停止。',
  stopping: '正在停止；进行中的回答可以写完。再按一次 Ctrl+C 立即结束。',
  stopped: 'Parley 已停止，对话均已保存。',
  processDied: (name, exit, ms) => `${name} 已退出（${exit}），${seconds(ms)}后重新启动`,
  processBack: (name, ms) => `${name} 已恢复，用时 ${seconds(ms)}`,
  processFailed: (name, reason, ms) => `${name} 未能启动：${reason}。${seconds(ms)}后再试`,
  processGivenUp: (name, reason) => `${name} 不再启动：${reason}`,
  stillLoading: (percent) => `仍在加载${percent === null ? '' : `（${percent}%）`}，完成后自动加入`,
  launchFault: (fault) => {
    if (fault.type === 'home-locked') {
      return `Parley 已在 ${fault.home} 上运行。可用 "npm run -s parley -- status" 查看，或把 PARLEY_HOME 设为别的文件夹。`;
    }
    if (fault.type === 'home-unusable') {
      return `${fault.home} 无法写入：${fault.reason}。请腾出空间或允许写入，或把 PARLEY_HOME 设为别的文件夹。`;
    }
    if (fault.type === 'port-taken') {
      const variable = `PARLEY_${fault.setting.replace('.', '_').toUpperCase()}`;
      return `端口 ${fault.port} 已被其他程序占用，而 ${fault.process} 需要它。请在 parley.config.yaml 中修改 ${fault.setting}，或以 ${variable}=… 启动`;
    }
    return `${fault.process} 未能启动：${fault.reason}`;
  },
  notRunning: 'Parley 没有在这里运行。请用 "npm start" 启动。',
  startingForCommand: 'Parley 没有运行；正在为这条命令启动……',
  statusHead: ['进程', '用途', '状态', 'pid', '内存', '重启次数', '地址'],
  purposes: { chat: '聊天', embedding: '向量', rerank: '重排' },
  stateInWords: (state, percent) => (state === 'loading' && percent !== null ? `加载中 ${percent}%` : STATES[state]),
  problem: (name, reason) => `${name}：${reason}`,
  memoryTotal: (megabytes, count) => `全部 ${count} 个进程的内存：${megabytes} MB（RSS 之和）`,
  sources: '来源',
  page: (number) => `第 ${number} 页`,
  answerFailed: (reason) => `回答失败：${reason}`,
  answerUnfinished: (status) => `回答没有写完（${status}）。`,
  rag: {
    read: (documents, passages) => `已读取 ${documents} 个文档，共 ${passages} 段。`,
    embedded: (made, kept) => `已为 ${made} 段生成向量，另有 ${kept} 段早已存好。`,
    skipped: (name, reason) => `已跳过 ${name}：${reason}`,
    allowPrivate: '如果信任这个地址，请加上 --allow-private。',
    wrongSplit: (split) => `--split 要写每段长度和更小的重叠长度，例如 1000/200，而不是“${split}”。`,
    wrongStore: (store) => `--store 只能是 memory、embedded 或 chroma，而不是“${store}”。`,
    wrongCollection: (name) =>
      `“${name}”不能作为集合名：最多 64 个字母、数字、点、连字符或下划线，并以字母或数字开头。`,
    memoryKeepsNothing: '内存存储不保存集合。请加上 --store embedded 或 --store chroma。',
    urlWithoutChroma: '--chroma-url 要与 --store chroma 一起使用。',
    chromaUrlMissing: '请用 --chroma-url 写出 Chroma 服务器的地址，或在 parley.config.yaml 中设置 server.chroma_url。',
    chromaUrlWrong: (url) => `“${url}”不是 Chroma 服务器的地址；正确的例子：http://127.0.0.1:8001。`,
    chromaNeedsModel: 'Chroma 服务器保存的是向量：请用 --embedding-model 指定生成向量的模型。',
    historyDamaged: (file) => `${file} 里不是对话记录。请换一个文件，或删除它。`,
  },
  gpu: {
    wrongKind: (kind) => `“${kind}”不是 GPU 二进制的种类：请选择 cuda、vulkan 或 none。`,
    noneFor: (kind, machine) =>
      `没有适用于 ${machine} 的 ${kind} 二进制文件。Mac 上会直接使用 GPU；其他机器上模型在处理器上运行。`,
    notInstalled: '这里没有安装 llama.cpp；"npm start" 会安装它。',
    alreadyThere: (kind) => `${kind} 二进制文件已经就位。`,
    fetching: (packages, megabytes) => `正在下载 ${packages.join(' 和 ')}，约占磁盘 ${megabytes} MB……`,
    progress: (megabytes) => `已有 ${megabytes} MB`,
    noRoom: (megabytes) => `磁盘空间不足，还需要 ${megabytes} MB。`,
    failed: (reason) => `二进制文件未能下载，未作任何更改：${reason}`,
    done: (kind) => `${kind} 二进制文件已就位。本地模型从下次启动起使用它：请在页面上替换模型，或重新启动 Parley。`,
    removed: 'GPU 二进制文件已移除；本地模型从下次启动起在处理器上运行。',
    nothingToRemove: '这里没有 GPU 二进制文件。',
  },
  kb: kbChinese,
  models: modelsChinese,
  eval: evalChinese,
  noTokens: '还没有令牌。',
  tokenRevoked: '令牌已吊销。',
  tokenHead: ['id', '名称', '创建时间', '最近使用'],
  never: '从未',
  password: {
    ask: '新密码：',
    askAgain: '再输入一次：',
    missing: '没有输入密码，未作任何更改。',
    different: '两次输入的密码不一致，未作任何更改。',
    tooShort: (count) => `密码至少需要 ${count} 个字符，未作任何更改。`,
    done: '所有者的密码已设置。所有浏览器均已退出登录，请用新密码登录。',
  },
  checkOk: '正常',
  checkFailed: '问题',
  checkNote: '提示',
  doctor: {
    node: (version) => `Node ${version}`,
    nodeOld: (version) => `Node ${version} 太旧；Parley 需要 24 或更新的版本`,
    settings: (file) => (file ? `已从 ${file} 读取设置` : '没有 parley.config.yaml，使用默认设置'),
    home: (path) => `${path} 可写`,
    homeBad: (path, reason) => `${path} 不可写：${reason}`,
    disk: (gigabytes) => `所在磁盘剩余 ${gigabytes} GB`,
    page: '页面已构建',
    pageMissing: '页面尚未构建；"npm start" 会构建它',
    running: (url) => `Parley 正在 ${url} 运行`,
    notRunning: 'Parley 没有运行；所需端口空闲',
    portTaken: (port, setting) => `端口 ${port}（${setting}）已被其他程序占用`,
    health: (name, url) => `${name} 在 ${url} 有应答`,
    healthBad: (name, url) => `${name} 在 ${url} 没有应答`,
    gpuReady: (kind) => `检测到 GPU，本地模型可以使用它（${kind}）`,
    gpuUnused: (kind) => `检测到 GPU，但本地模型还不能使用：运行 "npm run -s parley -- gpu ${kind}" 下载所需文件`,
    needsKey: (model, variable) => `${model} 需要密钥：没有设置 ${variable}`,
    modelFileMissing: (model, file) => `${model} 的模型文件不存在：${file}`,
    hasKey: (model) => `${model} 已配置`,
  },
};
