/** Words of one topic are near to each other, in both languages; Chinese ones are single characters, as WordPiece reads them. */
export const topics: Readonly<Record<string, readonly string[]>> = {
  animals: words(
    'cat cats kitten kittens dog dogs puppy animal animals horse horses bird birds fish 猫 狗 马 鸟 鱼 羊',
  ),
  weather: words('rain rains rainy snow snows storm storms sun sunny weather cloud clouds wind 雨 雪 云 风 雷 晴'),
  money: words('bank banks money stock stocks loan loans price prices market markets rate rates 钱 银 股 贷 款 币'),
  food: words('bread rice soup cake apple apples milk cheese tea dinner cook kitchen 饭 茶 奶 菜 汤 糕'),
  travel: words('train trains plane flight ticket tickets hotel travel journey airport road 车 船 票 旅 站 航'),
  computing: words('computer computers software program programs code server servers network data 码 脑 网 软 程 器'),
};

/** Words that say little: they hardly count. */
export const fillers: readonly string[] = [
  ...words('a an the and or but not no of in on at to for from by with as is are was were be been am'),
  ...words('it its this that these those there here he she they we you i me my your his her our their'),
  ...words('do does did have has had will would can could may must what where when who which how why'),
  ...'的了是在和有我你他她它们这那不一个吗呢也就都很与及或什么哪里怎样为之其而小大只上下',
];

function words(list: string): string[] {
  return list.split(' ');
}
