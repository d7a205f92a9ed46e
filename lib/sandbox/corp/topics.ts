// The conversations of the sandbox, written for it. Their names, numbers and addresses are fictitious: phone numbers begin with
// 100, which no operator in China uses, ID card numbers have the region code 000000, card numbers begin with 999999, and mail
// addresses are at example.com.
//
// Each line is one message. `c` is the customer (in internal topics, the employee who asks), `s` the employee. A number after @ is
// the message type of P99824; without it the type is text. `|` separates alternative wordings, `{…}` is a placeholder.
const TEXTS: readonly (readonly [name: string, kind: TopicKind, dialogue: string])[] = [
  [
    '询价',
    'customer',
    `
c: 你好，{product}现在什么价格？|在吗？想问一下{product}多少钱
s: {customer}您好！{product}目前{price}元一套，满十套有折扣|您好，{product}单价{price}元，今天下单包邮
c: 有点贵，能不能便宜一点？|这个价格超预算了，能优惠吗
s: 我去跟主管申请一下，您大概要多少套？
c: 先要{count}套，合适的话后面还会追加
s@8: {product}报价单.pdf
s: 报价单发您了，{count}套按{discount}折算，有效期到{date}
c: 好的，我看完回复你|收到，我和领导商量一下
c: 可以，就按这个价格签合同吧|太好了，价格满意，安排合同吧`,
  ],
  [
    '售后维修',
    'customer',
    `
c: 你们的{product}用了三天就坏了，怎么回事|{product}开不了机了，很失望
s: 非常抱歉给您带来不便，请问订单号是多少？
c: 订单号{order}
c@2:
s: 收到照片了，初步看是电源模块故障，我给您安排维修
c: 要多久？我这边等着用，很着急
s: {date}之前工程师上门，请提供联系电话
c: {phone}，地址是{city}
s: 已登记，工程师会提前联系您
c: 好的，希望这次能解决，谢谢`,
  ],
  [
    '投诉',
    'customer',
    `
c: 我要投诉！说好{date}到货，现在都没到|太差劲了，客服电话打了五次没人接
s: 真的很抱歉，我马上核实，请您稍等
c: 每次都说稍等，我不想再等了，要求退款
s: 理解您的心情，订单{order}我已经升级处理，今天给您答复
c: 再不解决我就去消费者协会投诉
s: 已为您申请全额退款，{price}元三个工作日内原路退回
c: 希望说到做到|行吧，下次不会再买了`,
  ],
  [
    '课程咨询',
    'customer',
    `
c: 孩子八岁，适合报哪个班？
s: 建议先上基础班，{date}{time}有免费试听
c: 多少钱一期？
s: 一期{price}元，{count}节课，现在报名送教材
c: 能退费吗？
s: 三节课之内无条件退费，您放心
c: 那先试听，孩子喜欢再报
s@11: 课堂实录
c: 老师很有耐心，视频看完孩子说想去`,
  ],
  [
    '看房',
    'customer',
    `
c: 滨江那套三居还在吗？
s: 还在的，业主{date}方便看房
c: 总价能谈多少？
s: 业主底价{price}万，诚意的话可以约面谈
s@7:
c: 户型不错，就是楼层低了点
s: 同小区高层也有一套，一起看吧
c: 好，{date}{time}小区门口见
s@14: {city}滨江花园南门`,
  ],
  [
    '录音归档',
    'customer',
    `
s@21: 您好这里是{company}客服请问是{customer}吗 是的 您反馈的{product}问题我们已经修复 好的谢谢
c: 刚才电话里说的补偿方案发我一下
s: 好的，方案是免费延长三个月服务
c: 可以接受`,
  ],
  [
    '假冒提醒',
    'customer',
    `
c: 有人自称你们员工，让我加QQ转账，是真的吗？
s: 千万别转！我们不会要求私下转账，这是诈骗
c@2:
s: 已上报安全部门，请把对方账号发我
c: 谢谢提醒，差点就被骗了
s@27: **安全提醒** 请只通过官方渠道付款`,
  ],
  [
    '付款',
    'customer',
    `
c: 合同签好了，款打到哪个账户？
s: 对公账户：{company}，账号{bank}，备注订单{order}
c: 已付款，你查一下
c@2:
s: 财务确认到账，{price}元，感谢支持！
s@13:
c: 哈哈谢谢红包|谢谢，合作愉快`,
  ],
  [
    '活动邀约',
    'customer',
    `
s: {customer}您好，{date}我们在{city}举办{product}用户大会，诚邀您参加
s@19: {product}用户大会日程
c: 有哪些嘉宾？
s: 有行业专家和十家标杆客户分享
c: 我报两个名额
s: 已登记，请问联系电话？
c: {phone}
s@9: {staff}的名片
c: 好的，到时候见`,
  ],
  [
    '催单',
    'customer',
    `
c: 设备什么时候能装？工期很紧
s: 安装队{date}{time}到现场
c: 上次也是这么说的，结果没来，很生气
s: 非常抱歉，上次是调度失误，这次我亲自跟
c@22:
s: 刚才电话里确认的时间我记下了，{date}一定到
c: 好，别再出问题了`,
  ],
  [
    '技术支持',
    'customer',
    `
c: 接口一直返回超时，帮忙看下
s: 请问是哪个环境？有请求编号吗？
c: 生产环境，编号{order}
c@20: 报错截图和日志 请求{order} 响应超时
s: 看到了，是贵司防火墙拦截了我们的地址，需要加白名单
c: 文档在哪里？
s: https://docs.example.com/network/{order}
c: 加完好了，速度也正常，专业！
s: 不客气，有问题随时找我`,
  ],
  [
    '续费',
    'customer',
    `
s: {customer}您好，您的{product}服务{date}到期，续费有优惠
c: 今年预算紧张，还在考虑
s: 老客户续两年可以打{discount}折，算下来每年{price}元
c: 使用下来整体还不错，就是报表导出有点慢
s: 新版本导出速度已经优化，我给您开试用
c@6: 行你先给我开试用吧我让同事测一下没问题就续两年
s: 已开通，账号发您邮箱{email}了
c: 试了一下，确实快很多，就续两年`,
  ],
  [
    '退换货',
    'customer',
    `
c: 颜色发错了，我订的是蓝色
s: 不好意思，请拍张照片我核对一下
c@2:
s: 确认是仓库发错了，给您免费换货，运费我们承担
c: 那我把这个寄回哪里？
s@14: {city}高新区仓储路8号
c: 好，单号出来了发你
c: {carrier} {order}
s: 收到，新货{date}发出，额外送您一张优惠券|新的已经发出，耽误您时间了，送您一份小礼品
c: 处理得很快，满意`,
  ],
  [
    '预约演示',
    'customer',
    `
c: 想约个时间看看{product}的演示
s: 好的，{date}{time}您方便吗？
c: {date}下午可以，线上还是线下？
s@12: {product}演示 {date}{time}
s: 日程发您了，线上会议，链接 https://meeting.example.com/{order}
c: 收到，我们这边{count}个人参加
s: 没问题，需要准备哪些资料我提前发您
c: 主要想看报表和权限这块
s@18: {product}演示方案
c: 资料很详细，辛苦了`,
  ],
  [
    '物流查询',
    'customer',
    `
c: 订单{order}发货了吗？
s: 您好，已于{date}发出，走的{carrier}，单号{order}
c: 查不到物流信息啊|物流两天没更新了，麻烦催一下
s: 我联系快递核实，稍后回复您
s: 问到了，包裹在{city}分拨中心，预计{date}送达
c: 好的，谢谢，很及时`,
  ],
  [
    '开票',
    'customer',
    `
c: 麻烦开一张专票|发票什么时候能开？
s: 可以的，请提供抬头、税号和邮箱
c: 抬头{company}，发到{email}
s: 已提交财务，预计{date}开出
s@8: 发票_{order}.pdf
c: 收到了，没问题，谢谢你`,
  ],
  [
    '新客欢迎',
    'welcome',
    `
s: 您好，我是您的专属顾问{staff}，很高兴为您服务，有任何问题随时联系我
s@4: {product}产品手册
s@5: {company}服务商城
c: 你好，朋友推荐我来的
s: 欢迎欢迎，您主要想了解哪方面？
c: 我们公司{count}个人，想上一套{product}
s: 了解，我先给您发几个同行案例
s@23: 客户案例合集.pptx
c: 案例不错，回头电话聊，我的号码{phone}`,
  ],
  [
    '实名认证',
    'customer',
    `
c: 账号提示要实名认证，需要什么资料？
s: 需要法人姓名和身份证号，在小程序里填写就行
s@5: 企业认证中心
c: 身份证号{idcard}，直接发你可以吗
s: 为了您的信息安全，请不要在聊天里发身份证号，撤回一下吧
c: 好的，我在小程序里提交了
s: 审核通过了，功能已开通`,
  ],
  [
    '合同条款',
    'customer',
    `
c: 合同第五条违约金比例太高了
s: 您看改成百分之五可以吗？
c: 百分之三，另外付款周期要六十天
s: 付款周期需要法务评估，我{date}前答复您
s@8: {company}采购合同_修订版.docx
c: 法务看过了，没有问题
s: 那我安排盖章，寄到哪里？
c: {city}科技路66号，{customer}收，电话{phone}`,
  ],
  [
    '试用反馈',
    'customer',
    `
s: {product}试用一周了，感觉怎么样？
c: 功能挺全，界面也好看，同事都喜欢
c: 就是手机端偶尔卡顿
s: 手机端{date}发布新版，会解决卡顿
c@3:
c: 期待！另外能不能加个批量导入
s: 批量导入在规划里，我帮您提需求
c: 好评，响应很快`,
  ],
  [
    '体检预约',
    'customer',
    `
c: 公司{count}个人体检，有团体价吗？
s: 有的，基础套餐{price}元一位，可以分两天来
c: 需要提供名单吗？
s: 需要姓名和手机号，我发您表格
s@18: 团检名单收集表
c: 填好了
s: 已预约{date}，请空腹前来
c: 收到，安排得很周到`,
  ],
  [
    '会员积分',
    'customer',
    `
c: 我的积分怎么少了？
s: 您的积分{date}到期清零了一部分
c: 到期都不提醒，体验很不好
s: 确实是我们提醒不到位，给您补{count}00积分
c: 好吧，谢谢
s@5: 积分商城`,
  ],
  [
    '询问营业时间',
    'customer',
    `
c: 你们周末上班吗？
s: 周末照常营业，{time}开门
c: 好的，周六过去
s: 地址在{city}中山路28号，到店报您手机号{phone}就行
c: 👌`,
  ],
  [
    '转介绍',
    'customer',
    `
c: 我有个朋友也想了解{product}
s: 太感谢了！您推荐成功我们送您一个月服务
c@9: 朋友的名片
s: 已添加，我会好好服务的
c: 他说你们很专业
s: 谢谢信任，有您这样的客户真好`,
  ],
  [
    '节日问候',
    'customer',
    `
s: {customer}，中秋快乐！感谢一直以来的支持🥮
c: 谢谢，同乐！
s@3:
c: 下个月我们再聊聊{product}扩容的事
s: 没问题，节后我来安排`,
  ],
  [
    '周例会',
    'internal',
    `
c: 大家把本周进展写一下|@所有人 周报今天下班前提交
s@18: 本周工作汇总
s: {product}签了{count}单，回款{price}元
s: 我这边{company}的合同在走流程，预计{date}签
c: 不错，华东区加把劲
s@16: 跟进{company}回款
c@12: 周例会 {date}{time}
s: 收到|收到👌`,
  ],
  [
    '午饭',
    'internal',
    `
c: 中午吃什么？
s: 楼下新开的湘菜馆？|食堂今天有红烧肉
c: 走，{time}电梯口集合
s@26: 午餐接龙
s: +1
c@3:
s: 帮我带一份，我这边有会`,
  ],
  [
    '请假',
    'internal',
    `
c: 领导，{date}想请一天假，家里有事
s: 手头的事交接好就行
c: {company}的演示已经请同事代讲
s: 好的，提交一下审批
c: 已提交，谢谢领导`,
  ],
  [
    '系统故障',
    'internal',
    `
c: 订单系统打不开了，客户都在催
s: 收到，运维在看
s@15: 故障应急会议
s: 数据库连接池满了，正在扩容
c: 预计多久？客户很着急
s: 十分钟内恢复
s: 已恢复，复盘文档稍后发
s@28: 故障复盘笔记
c: 辛苦了`,
  ],
  [
    '团建',
    'internal',
    `
c: 下月团建去哪里？
s@17: 团建地点投票
s: 我投爬山|我投海边
s@10: 去年团建聊天记录
c: 那就{city}，{date}出发
s: 太好了，期待`,
  ],
  [
    '报销',
    'internal',
    `
c: 出差{city}的发票怎么报销？
s: 在审批里选差旅报销，金额{price}元以内主管批
c@8: 差旅发票.zip
s: 缺一张酒店水单，补一下
c: 补好了
s: 已通过，{date}打款`,
  ],
  [
    '客户交接',
    'internal',
    `
c: {company}以后由你跟进
s: 好的，有哪些注意事项？
c: 他们看重响应速度，之前投诉过一次物流
s@23: {company}客户档案.xlsx
c: 联系人{contact}，电话{phone}
s: 明白，我{date}去拜访`,
  ],
  [
    '新人入职',
    'internal',
    `
c: 欢迎新同事{staff}加入！🎉
s: 大家好，请多关照
s@3:
c: 有问题随时问
s@4: 新员工手册
s: 手册很详细，谢谢`,
  ],
  [
    '比价',
    'customer',
    `
c: 另一家{product}报{price}元，你们能做到吗？
s: 您方便发一下对方的配置吗？同配置我去申请价格|价格可以谈，先确认一下配置是否一样
c@2:
s: 对方不含安装和三年质保，我们是含的
c: 那倒是，售后确实重要
s@19: {product}与同类产品对比
c: 对比很清楚，我倾向你们，再考虑两天
s: 好的，报价我给您保留到{date}`,
  ],
  [
    '样品',
    'customer',
    `
c: 可以先寄个样品吗？
s: 可以，样品免费，运费到付，寄到哪里？
c: {city}创业园3栋，{customer}收，{phone}
s: {carrier}今天寄出，单号{order}
c: 收到样品了，做工不错
s: 那正式订单您看大概什么时候定？
c: 等老板{date}回来就定`,
  ],
  [
    '招标',
    'customer',
    `
c: 我们{date}开标，你们参加吗？
s: 参加的，标书正在做，有澄清问题发您邮箱了
c: 邮箱{email}收到了，答复已回
s@8: {company}_{product}_技术标.docx
c: 业绩部分少一份合同扫描件
s: 马上补，谢谢提醒
c: 恭喜，你们综合得分第一，准备签合同吧|很遗憾，这次价格分低了一点，下次再合作`,
  ],
  [
    '改期',
    'customer',
    `
c: 不好意思，{date}{time}的会要改期
s: 没关系，您看改到什么时候方便？
c: 下周同一时间可以吗
s@12: 改期：{product}沟通会
c: 收到，这次一定准时
s: 好的，会前我再提醒您`,
  ],
  [
    '上门拜访',
    'customer',
    `
s: {customer}您好，{date}我正好在{city}，方便过去拜访您吗？
c: {time}之前都在公司
s: 好的，我带上新款{product}给您看看
c@14: {city}软件园二期
s: 我到楼下了
c: 前台登记一下，报我手机号{phone}
s: 今天聊得很愉快，会议纪要我整理好发您
s@28: 拜访纪要
c: 辛苦了，纪要很详细`,
  ],
  [
    '配件购买',
    'customer',
    `
c: {product}的滤芯多久换一次？
s: 建议半年一换，您上次是去年买的，该换了
c: 那来{count}个，多少钱？
s: 一共{price}元，商城下单有券
s@5: 配件商城
c: 下好了，订单{order}
s: 收到，今天发{carrier}`,
  ],
  [
    '升级失败',
    'customer',
    `
c: 昨晚升级以后{product}连不上网了，门店没法营业，很着急
s: 抱歉！请问面板上的指示灯是什么颜色？
c: 一直闪红灯
s: 长按复位键十秒，会回到旧版本
c@7:
c: 好了，恢复了，吓死我了
s: 升级包有缺陷，已经下线，给您带来损失非常抱歉
c: 以后升级之前先通知我们，不满意这种做法`,
  ],
  [
    '加盟咨询',
    'customer',
    `
c: 在{city}开一家加盟店要多少钱？
s: 加盟费{price}元起，包含装修设计和首批物料
c: 有回本案例吗？
s@23: 加盟店经营数据.xlsx
c: 数据看着可以，能去总部考察吗
s: 欢迎，{date}有考察团，包食宿
c: 帮我报名，身份证号{idcard}
s: 已登记，请撤回身份证号，注意保护隐私`,
  ],
  [
    '闲聊',
    'customer',
    `
c: 今天这雨下得太大了，堵在路上一个小时
s: 注意安全，不着急，我这边随时可以
c: 你们{city}那边天气怎么样？
s: 晴天，羡慕吧😄
c@3:
c: 对了，你上次推荐的那家面馆不错
s: 哈哈，喜欢就好，下次一起去|是吧，他家的牛肉面我能连吃三天
c: 说好了，我请`,
  ],
  [
    '生日祝福',
    'customer',
    `
s: {customer}，祝您生日快乐！🎂
s@13:
c: 谢谢，你居然记得，太暖心了
s: 应该的，祝您事事顺心
c: 感谢，晚上和家人吃饭，回头聊`,
  ],
  [
    '健身打卡',
    'internal',
    `
c: 今晚篮球馆{time}，还差{count}个人
s: 算我一个
s@3:
c@26: 篮球接龙
s: 上次输了请喝奶茶的还没兑现吧😂
c: 今天一起兑现`,
  ],
  [
    '客户投诉复盘',
    'internal',
    `
c: {company}投诉物流的事，原因查清了吗？
s: 仓库漏扫了一箱，{carrier}那边没有揽收记录
c: 补偿方案呢？
s: 免{price}元尾款，客户表示满意
c: 以后出库双人复核，{date}前把流程改掉
s@18: 出库复核流程
c: 收到`,
  ],
  [
    '审计归档',
    'audit',
    `
s@24:
c: 你好，会话存档我同意了
s: 感谢配合，这是为了保障您的权益
s@25:
s@0:
s@6: 我再确认一下发货地址
c: 地址没变，还是{city}`,
  ],
];

/** Where a topic is used: with customers, among staff, on first contact, or in conversations about the archive itself. */
export type TopicKind = 'customer' | 'internal' | 'welcome' | 'audit';

/** One message of a dialogue. */
export interface Line {
  /** Whether the employee sends it; otherwise the customer does, or the other employee. */
  readonly byStaff: boolean;
  readonly msgtype: number;
  /** Alternative wordings. */
  readonly wordings: readonly string[];
}

/** A topic of conversations. */
export interface Topic {
  readonly name: string;
  readonly kind: TopicKind;
  readonly lines: readonly Line[];
}

let parsed: readonly Topic[] | undefined;

/** All topics. */
export function topics(): readonly Topic[] {
  parsed ??= TEXTS.map(([name, kind, dialogue]) => ({
    name,
    kind,
    lines: dialogue.trim().split('\n').map(parseLine),
  }));
  return parsed;
}

function parseLine(line: string): Line {
  const [, who, msgtype = '1', words = ''] = /^([cs])(?:@(\d+))?: ?(.*)$/.exec(line) ?? [];
  return { byStaff: who === 's', msgtype: Number(msgtype), wordings: words.split('|') };
}

/** The possible words for placeholders, besides the names of the parties. */
export const WORDS = {
  product: [
    '智能门禁',
    '进销存系统',
    '数据看板',
    '云客服',
    '会议平板',
    '巡检机器人',
    '电子合同',
    '考勤一体机',
    '仓储货架',
    '净水设备',
  ],
  city: [
    '上海市浦东新区',
    '北京市海淀区',
    '广州市天河区',
    '深圳市南山区',
    '成都市武侯区',
    '杭州市西湖区',
    '武汉市洪山区',
    '西安市雁塔区',
  ],
  company: [
    '云帆科技',
    '远山贸易',
    '晨光制造',
    '星河教育',
    '绿野食品',
    '百川物流',
    '蓝鲸医疗',
    '启明设计',
  ],
  contact: ['李总', '王经理', '张主任', '陈女士', '赵工'],
  carrier: ['顺达快递', '飞燕速运', '天天物流'],
  date: ['明天', '后天', '周三', '周五', '下周一', '下周四', '月底', '15号'],
  time: ['上午十点', '下午两点', '下午三点半', '晚上七点'],
  price: ['1280', '3680', '5999', '12800', '28000', '680', '199'],
  count: ['3', '5', '12', '20', '50', '8'],
  discount: ['九', '八五', '八', '九五'],
} as const;
