/** Joins parts to one expression; a blank stands for any white space, a line break too. */
function pattern(...parts: string[]): RegExp {
  return new RegExp(parts.map((part) => part.replaceAll(' ', String.raw`\s+`)).join(''), 'gu');
}

const DROP = '(?:ignore|disregard|forget|override|bypass|discard|do not follow|stop following)';
const EARLIER = '(?:previous|prior|above|earlier|preceding|foregoing|former|original|initial|existing|system|other)';
const ORDERS = '(?:instructions?|prompts?|directions?|directives?|commands?|guidelines|rules|messages?|context)';
const MACHINE =
  '(?:ai|a\\.i\\.|artificial intelligence|(?:large )?language models?|llms?|chat ?bots?|chatgpt|gpt(?:-?\\d)?|copilot|ai (?:assistants?|agents?|models?|systems?))';
const SECRET = '(?:system|hidden|initial|secret|developer|original) (?:prompt|instructions?|message)';
const WHOLE = '(?:full|entire|whole|complete|exact)';
const TELL = '(?:reveal|print|output|repeat|show|leak|disclose|display|reproduce|send|quote)';

/**
 * Text that gives orders to a model, as it is tried in documents. Each names the model, its
 * instructions or its user: a manual that tells a person to press Enter has none of them. For text in
 * lower case. Every gap is bounded, so that no text takes more than linear time.
 */
export const INSTRUCTION_PATTERNS: readonly RegExp[] = [
  // Away with the instructions that it has.
  pattern(
    `\\b${DROP}(?: (?:all|any|every|of|the|your|these|those|my|such)){0,4} ${EARLIER}(?: (?:and|or|system|user|${EARLIER})){0,3} ${ORDERS}\\b`,
  ),
  pattern(
    `\\b${DROP} (?:all |any |every )?(?:of )?your (?:instructions|prompt|guidelines|rules|programming|training)\\b`,
  ),
  pattern(
    `\\b${DROP} (?:everything|anything|all|whatever)(?: (?:that|you|was|were|has|have|been)){0,4} (?:above|before this|said|told|written|instructed)\\b`,
  ),
  pattern(
    '\\b(?:new|updated|real|actual|revised) (?:system )?(?:instructions?|prompt)[ ]?(?:for (?:you|the (?:ai|assistant|model)))?[:：]',
  ),
  // Another role.
  pattern(
    '\\byou are (?:now|no longer|hereby)[^.!?\\n]{0,40}\\b(?:assistant|ai|a\\.i\\.|chatbot|language model|dan|jailbroken|unrestricted|developer mode|bot)\\b',
  ),
  pattern(
    '\\bfrom now on,? (?:you|the assistant|the model) (?:are|will|must|shall|should|only|always|act|answer|respond|reply)\\b',
  ),
  pattern(
    `\\b(?:pretend|act as if|imagine) (?:that )?you (?:are|were) (?:an? )?(?:\\w+ ){0,3}(?:${MACHINE}|assistant)\\b`,
  ),
  // What it was told in confidence.
  pattern(`\\b${TELL}(?: (?:me|us|all|of|out|back|verbatim|exactly)){0,4} your(?: ${WHOLE})? ${SECRET}\\b`),
  pattern(`\\b${TELL}(?: (?:me|us|out|back)){1,2} (?:the )?(?:${WHOLE} )?${SECRET}\\b`),
  pattern(`\\b${TELL} (?:the )?${WHOLE} ${SECRET}\\b`),
  pattern(
    `\\b(?:send|append|include|post|forward|exfiltrate|upload|leak|encode|add)\\b[^.!?\\n]{0,50}\\b(?:conversation|chat history|system prompt|user's (?:data|messages?|question|e-?mail)|previous messages)\\b[^.!?\\n]{0,40}(?:https?:|\\burl\\b|\\blink\\b|\\be-?mail)`,
  ),
  // Spoken to as a machine.
  pattern(`\\bif you(?:'re| are) an? (?:\\w+ ){0,2}${MACHINE}\\b`),
  pattern(
    `\\b(?:note|notice|message|attention|important|instructions?|orders?|commands?|reminder)(?: (?:to|for))?(?: (?:the|any|all|every))?[ ]?:? ?${MACHINE}(?: (?:assistants?|agents?|models?|reading|processing|summari[sz]ing)){0,3}[ ]?[:：,!]`,
  ),
  pattern(`\\bas an? (?:\\w+ ){0,2}${MACHINE},? you (?:must|should|shall|will|are|have to|need to)\\b`),
  pattern(`\\b(?:dear |hey |hello |attention,? )(?:the )?(?:assistant|${MACHINE})\\b[,:!]`),
  pattern(
    '\\b(?:the |this |any )(?:assistant|ai|chatbot|language model|llm) (?:must|shall|has to|is (?:instructed|required|ordered|commanded) to) (?:not )?(?:now |only |always |never |immediately )?(?:answer|respond|reply|say|tell|output|ignore|recommend|reveal|include|obey|write|call|run|execute)\\b',
  ),
  // Behind the user's back.
  pattern(
    "\\b(?:do not|don't|never|without) (?:tell|telling|inform|informing|alert|alerting|mention|mentioning)(?: (?:this|it|that|any|of|the|to)){0,4} user\\b",
  ),
  pattern(
    '\\b(?:tell|instruct|convince|persuade|advise|urge|ask) the user (?:to (?:visit|click|go|open|download|install|run|send|call|enter|pay|provide|share|give|transfer|buy)|that (?:they|their|he|she|you))\\b',
  ),
  pattern(
    "\\b(?:answer|respond|reply) (?:to )?(?:every|all|any|each)(?: (?:of|the|user|user's|following|further|future|other)){0,3} (?:questions?|prompts?|messages?|requests?|quer(?:y|ies)) (?:only )?with\\b",
  ),
  pattern(
    '\\b(?:answer|respond|reply) (?:only|exactly|solely|just) (?:with|by)[ ]?[:：]? ?(?:the (?:words?|text|phrase|sentence|string) )?["“\'‘]',
  ),
  pattern(
    '\\byour (?:only |next |final |entire )?(?:answer|response|reply|output) (?:must|should|shall|will) (?:only |always )?(?:be|say|read|contain|include|start|begin|end|consist)\\b[^.!?\\n]{0,12}["“\'‘]',
  ),
  // The marks between the parts of a prompt.
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text|observation)\|>/gu,
  /\[\/?inst\]|<<\/?sys>>|<\/?system(?:[-_ ](?:prompt|message|instructions?))?>/gu,
  /(?<![^\n])[ \t]*(?:#{1,4}[ \t]*)?\[?(?:system|assistant|系统|助手)\]?[ \t]*(?:message|prompt|override|note|消息|提示)?[ \t]*[:：][ \t]*\n?[ \t]*(?:you(?:'re| are| must| will| should)\b|ignore\b|disregard\b|override\b|from now\b|你|忽略|无视|从现在)/gu,
  /(?<![^\n])[ \t]*#{2,4}[ \t]*(?:system|instruction|response)[ \t]*:/gu,
  // Chinese.
  /(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不必理会|不用理会|抛弃|丢弃|推翻|绕过|不要遵守|不要遵循|停止遵循)(?:掉|你|您|所有|全部|一切|任何|的|以上|上面|上述|之前|先前|前面|此前|以前|原有|收到|给|给你|被|系统|設定|这些|那些|其他|其它|所|设置|你的){1,8}(?:指令|指示|提示词|提示|规则|規則|要求|设定|命令|说明|约束|限制|内容|对话)/gu,
  /从现在(?:开始|起)[,，]?\s*(?:你|您)(?:是|就是|将|将会|必须|要|只能|应|应当|应该|扮演|作为|的身份|的角色)/gu,
  /(?:你|您)现在(?:是|扮演|变成|成为)[^。！？\n]{0,16}(?:助手|模型|机器人|人工智能|ai|开发者模式|不受限制)/gu,
  /(?:输出|泄露|透露|显示|打印|公开|复述|告诉我|说出|重复|展示)[^。！？\n]{0,12}(?:系统提示词?|系统指令|初始指令|初始提示词?|隐藏指令|隐藏提示词?)/gu,
  /(?:如果|若|假如)(?:你|您)是(?:一个|一名|一种)?(?:ai|人工智能|大?语言模型|大模型|智能助手|聊天机器人)/gu,
  /作为(?:一个|一名|一款)?(?:ai|人工智能|大?语言模型|大模型|智能助手|聊天机器人)[^。！？\n]{0,6}[,，]?\s*(?:你|您)(?:必须|应该|应当|需要|要|务必|只能)/gu,
  /(?:给|致|对)(?:所有)?(?:ai|人工智能|大?语言模型|大模型|模型|智能助手|ai助手|助手|聊天机器人)(?:助手|模型)?的?(?:指令|指示|提示|说明|话|命令|留言)?[:：]/gu,
  /(?:ai|人工智能|语言模型|大模型|智能助手|聊天机器人)(?:助手|模型)?(?:请|必须|务必|应当|须)(?:注意|忽略|无视|回答|回复|输出|执行|遵守|听从|告诉)/gu,
  /(?:不要|别|切勿|不得|不许|禁止|无需|不必)(?:把[^。！？\n]{0,12})?(?:告诉|告知|透露给|提醒)(?:给)?用户/gu,
  /(?:告诉|告知|诱导|说服|劝说)用户(?:去|访问|点击|打开|下载|安装|运行|发送|拨打|输入|付款|转账|提供|购买)/gu,
  /(?:对|针对|无论|不管)[^。！？\n]{0,8}(?:所有|任何|什么|每个)[^。！？\n]{0,6}(?:问题|提问|请求)[^。！？\n]{0,8}(?:都|均|一律|只)(?:必须|只能|要|只)?(?:回答|回复|输出)/gu,
  /(?:只能|只需|只要|必须|务必|一律|请只|仅)(?:回答|回复|输出)\s*[:：]?\s*[“"「『'‘]/gu,
];
