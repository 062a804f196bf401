"""Names as people bear them, and the words that look like names and are not."""

from unicodedata import normalize

_STROKED = str.maketrans("łøđıðþæœß", "lodidtaos")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The hundred family names' better part: with the ones of two characters most people of China.
CHINESE_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘"
    "祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟"
    "艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞"
    "劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蔣葉蘇魏呂盧鐘譚陸範賈韋鄒閆龍陶賀顧龔萬錢嚴湯齊喬龐顏倪莊聶魯歐關蘭"
)
CHINESE_DOUBLE_SURNAMES = _words(
    "欧阳 司马 上官 诸葛 司徒 慕容 尉迟 皇甫 东方 夏侯 公孙 令狐 长孙 宇文 轩辕 端木 独孤 南宫 "
    "西门 百里 呼延 闻人 公冶 太史 申屠 澹台 濮阳 淳于 单于 歐陽 司馬 諸葛 東方"
)
# Family names that are also everyday function words: alone before a title they say nothing.
CHINESE_WEAK_SURNAMES = frozenset("于向时任应成管解单常连全何从关项安方万包曾左华农易简党路白")

# Characters that parents like; "的", "用", "理" and their like stand in hardly any name.
CHINESE_GIVEN = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉梅红鹏飞燕玲辉建国文斌波宇浩凯健俊帆雪"
    "晨晓欣欢雨婷佳嘉怡琪瑶悦梓涵子轩浩然博豪泽思宁宇航诗涵梦洁琳璐颖莹倩雯慧薇菲萍莉蓉蕾丹凤春"
    "龙志新海峰林云亮东光天永生德宏福兴祥瑞坤庆松柏栋梁振旭阳昊辰睿哲皓铭锋钢铁锐彬翔威武雄智仁义"
    "礼信忠诚孝良善贤淑贞珍珠琴瑟书画彤彩虹霖露霜冰清淼涓溪川江河湖爱香菊荷莲荣芬芝芸茜萱蕊薛婉娇"
    "媛嫣妍妮姗娥婵婧妙如意冬秋夏岚岩岳崇巍立军民世家成根元克启学邦昌胜利友朋恩惠乐安康健顺和贵"
    "富宝金银成业继承绍祖耀光宗培养育正方圆直毅恒远迪达进步前程万里一二三四小大中晶鑫森焱磊卉昕晗"
    "晴曦曼曜朗楠桐榕樱檬欧沛沁泓洪润涵渊源澄澜瀚煜熙燃灿炜炎珊珂珏琛琦瑜瑾璇璟羽翠翰聪舒芮若茵"
    "蓓蔓薪赫逸越轶遥钰钧锦镇长雁霆靖韬韵音颜飒馨骏骁骞鸣鸿鹤麒麟默君卫宾可凡亚亦京依倪倬儒其"
    "偉麗強軍艷傑濤蘭剛華紅鵬飛輝國鳳龍雲東興祥慶陽"
)
# Common words that begin with a family name and go on like a given one.
CHINESE_NOT_NAMES = _words(
    "王国 高兴 马上 黄金 白天 方便 周末 何时 程序 金额 许多 安全 常见 于是 时间 张贴 任何 万一 安康 "
    "高中 高大 高达 高新 高明 高峰 高原 高雅 高贵 高远 高强 高压 高层 高级 高管 高校 高等 高科 华中 "
    "华东 华北 华南 华人 华语 华丽 方正 方圆 方向 方面 方法 方式 方案 方程 周年 周边 周一 周二 周三 "
    "周四 周五 周六 周日 周期 周到 周围 成立 成功 成长 成为 成本 成员 成果 成人 成家 成年 成都 江河 "
    "江苏 江西 江南 江山 江湖 安康 安宁 安静 安平 安顺 安居 安装 安排 安心 马克 马来 马力 马路 任一 "
    "任务 任意 任命 任职 任期 平安 文明 文化 文学 文书 文件 文字 文本 文档 文艺 文武 金钱 金银 金融 "
    "金属 金星 金山 白金 白银 白云 白宫 白色 白人 石家 石油 石头 石英 石林 万里 万元 万事 万家 田园 "
    "田野 林业 林立 林地 黄河 黄山 黄海 黄色 常用 常年 常规 常务 常德 常青 时代 时光 时常 时候 时长 "
    "时期 时刻 于今 应该 应当 应用 应急 应聘 应收 应付 向前 向东 向上 向下 向导 单一 单元 单位 单独 "
    "单据 管理 管道 管家 解决 解释 解放 连接 连续 连锁 全部 全国 全家 全年 全面 全民 全球 关于 关系 "
    "关注 关心 康复 康健 陆军 海军 包括 包装 包容 包含 温和 温馨 温泉 温度 和平 武汉 武器 武力 武装 "
    "夏天 夏季 夏令 秦岭 秦国 齐国 鲁国 韩国 魏国 吴国 楚国 宋国 唐朝 明朝 元朝 宋代 唐代 龙江 雷达 "
    "曾经 余额 余下 余年 付款 付清 左右 左边 左前 费用 简单 简明 简历 农民 农业 农林 路线 路程 项目 "
    "易于 尤其 古代 古典 古文 古生 冷静 冷冻 宗教 景德 景观 游客 游泳 游戏 党员 党和 季度 季节 成交 "
    "欧元 欧洲 欧亚 欧盟 兰州 梅花 章程 段落 盛大 盛行 贺卡 申请 申报 车辆 车间 车站 席位 司机 "
    "阳光 阳台 吉林 吉祥 苏州 苏联 杜绝 甘肃 宁夏 宁波 广东 山东 海南 史学 史书 卓越 何处 何人 何种 "
    "莫大 荣耀 尚未 尚可 符合 丁香 钟表 钱包 钱财 顾客 顾问 毛利 毛巾 牛奶 安徽 柏林 曲阜 曲线 凌晨 "
    "童年 文元 高一 高二 高三 程度 许可 梁山 严重 严格 严禁 严谨 庄严 常州 郑州 徐州 杭州 贵州 温州"
)

# Given names from many countries, the ones a stranger would take for a name.
GIVEN_NAMES = _words(
    """
aaron abdul abdullah abigail adam adele adrian adriana agnes agnieszka ahmad ahmed aidan aisha akira
alain alan albert alberto alejandra alejandro aleksander alessandra alessandro alexander alexandra
alexandre alexei alexis alfred alfredo ali alice alicia alina alison allan allen allison alyssa
amanda amber amelia amelie amina amir amit amy ana anastasia anders andre andrea andreas andrei
andrew andrzej angela angelica angelina angelo angie anika anil anita anna annabelle anne annette
annie anthony antoine anton antonia antonio anya ariana ariel arjun armando arnold arthur arturo
asha ashley astrid audrey aurora ayesha barbara barry beatrice beatriz becky ben benedict benjamin
bernadette bernard bernice bernd bertha beth bethany betty beverly bianca birgit bjorn bob bobby
bogdan boris bradley brandon brenda brendan brent brett brian bridget brigitte bruce bruno bryan
caitlin caleb calvin cameron camila camille candice carl carla carlos carmen carol carolina caroline
carolyn carrie casey cassandra catalina catherine cathy cecilia cecile cedric celeste celia cesar
chantal charlene charles charlie charlotte chelsea cheryl chloe chris christian christina christine
christoph christophe christopher cindy claire clara clarence claude claudia clayton clement clifford
clint colin colleen connie connor conrad constance corey courtney craig cristina crystal curtis
cynthia daisy damian damien dan dana daniel daniela daniele danielle danny daphne darlene darrell
darren daryl dave david dawid deborah debra deepak delphine denis denise dennis derek desmond diana
diane diego dieter dimitri dirk dmitri dolores dominic dominik dominique donald donna dora doreen
doris dorothy doug douglas duncan dustin dwayne dylan eddie edgar edith edmund eduardo edward edwin
eileen elaine eleanor elena eli elias elijah elisa elisabeth elise elizabeth ella ellen elliot elsa
emil emilia emilie emily emma emmanuel enrique eric erica erich erik erika erin ernest ernesto erwin
esteban estelle esther ethan eugene eva evan eve evelyn fabian fabio farah fatima felicia felipe
felix ferdinand fernanda fernando filip fiona florence florian frances francesca francesco francine
francis francisco francois frank franklin franz fred freddie frederic frederick freya frieda fritz
gabriel gabriela gabriele gabrielle gareth gary gemma genevieve geoffrey georg george georgia
georgina gerald geraldine gerard gerhard giacomo gianluca gilbert gina giorgio giovanni gisela
giulia giuseppe gladys glen glenn gloria gordon graham gregory greta gretchen guido guillaume
guillermo gunther gustav guy gwendolyn hamza hanna hannah hans harold harriet harry harvey hassan
hazel heather hector heidi heinrich heinz helen helena helene helga henri henrik henry herbert
herman hiroshi holly howard hubert hugh hugo hussein ian ibrahim ida ignacio igor imran ines ingrid
irene irina iris irma isaac isabel isabella isabelle ismail ivan ivana jack jackie jacob jacqueline
jacques jake jakob jakub james jamie jan jana jane janet janice jared jasmine jason javier jay jean
jeanette jeff jeffrey jennifer jenny jens jeremiah jeremy jerome jerry jesse jessica jesus jill jim
jimmy joan joanna joanne joao joaquin jocelyn joe joel joerg johan johann johanna johannes john
johnny jon jonas jonathan jorge jose josef joseph josephine josh joshua joyce juan juanita judith
judy julia julian juliana julie julien juliet julio julius jurgen justin kai kamal karen karim karin
karl karla karolina katarzyna kate katerina katharina katherine kathleen kathryn kathy katie katja
katrina kayla keith kelly kelvin ken kenji kenneth kerry kevin khalid kim kimberly kirsten klaus
konrad kristen kristin kristina kristine krzysztof kumar kurt kyle lara larry lars laura lauren
laurence laurent laurie lawrence lea leah leila lena leo leon leonard leonardo leonie leslie leticia
lewis liam lillian lily linda lindsay lisa liz lloyd logan lois lola lora lorena lorenzo loretta
lori lorraine louis louise luca lucas lucia lucie lucille lucy ludwig luigi luis luisa lukas luke
lydia lynn mabel madeleine magdalena malcolm manuel manuela marc marcel marcella marcello marcia
marco marcos marcus margaret margarita maria marian mariana marie marilyn marina mario marion marisa
marjorie markus marlene marta martha martin martina marvin mary mateo mathias mathieu mathilde
matilda matt matteo matthew matthias maureen maurice mauricio max maxim maxime maximilian megan
mehmet melanie melinda melissa mercedes meredith michael michaela michal michel michele michelle
miguel mikael mike mikhail mildred milena miranda miriam misty mohamed mohammad mohammed moira
molly mona monica monika monique morgan moritz muhammad muriel mustafa myriam nadia nadine nancy
naomi natalia natalie natasha nathalie nathan nathaniel neil nelson nicholas nick nicola nicolas
nicole nigel nikita nikolai nils nina noah noel nora norma norman olaf oleg olga oliver olivia
olivier omar oscar osman otto owen pablo paige pamela paola paolo pascal patricia patrick paul paula
pauline pavel pedro peggy penelope penny peter petra petr philip philippe phillip phyllis pierre
pietro piotr polly priscilla priya quentin rachel rafael ralf ralph ramon randall randy raphael raul
ravi ray raymond rebecca regina reginald rene renee rhonda ricardo richard rita robert roberta
roberto robin rodney rodrigo roger roland rolf roman ronald rosa rosalie rosemary roxanne roy ruben
rudolf rupert russell ruth ryan sabine sabrina sally salvador sam samantha samir samuel sandra
sandeep sanjay santiago sara sarah sasha saul scott sean sebastian serge sergei sergio shane shannon
sharon shaun shawn sheila shelley sherry shirley sidney siegfried sigrid silvia simon simone sofia
sonia sophia sophie spencer stacey stacy stanislav stanley stefan stefanie stella stephan stephanie
stephen steve steven stewart stuart sue sunil susan susanna susanne suzanne sven svetlana sylvia
sylvie takashi tamara tammy tanya tara tatiana ted teresa terry thelma theodore theresa therese
thierry thomas tiffany tim timothy tina tobias todd tom tomas tomasz tommy toni tony tracey tracy
travis trevor tristan tyler ulrich ursula uwe valentina valeria valerie vanessa vera vernon veronica
vicki vicky victor victoria viktor vincent vincenzo viola violet virginia vivian vladimir walter
wanda wayne wendy werner wilfred wilhelm william winifred wolfgang xavier yasmin yolanda yuki yusuf
yvette yvonne zachary zahra zoe zoltan
abby abdulaziz abel abraham ada adela adelaide adnan agata agathe agneta aileen aimee aino aisling
ajay akash aleksandra aleksandr alena alessia alex alexa alexandru alexia alfie aliaksandr alisa
alisha aliyah alma alok althea alvaro alvin alyson amal amandine amar amara ambrose amelie
amin aminata amparo amrita anastasiya anders anelia anette angelika angus aniela anja anjali anke
ankit annabel annalisa anneke annelie annika annmarie ansgar antje antonella antti anton anusha
apolline arantxa archana archie arianna arild armin arne arnaud arno arslan arvid arwen ashok asif
astrid atsushi augustin aurelie axel ayaan aylin ayman aziz balazs barnaby bartosz basil bastian
beata bea benedetta benedikt benita benny benoit berenice berit bernardo bernhard bettina bhavna
bilal birgitta bjarne blanca blanka bojan bonnie boaz branka branko brayden breanna bridgette brigid
britta brittany brittney brooke bryce bryony burak caio callum camilla carina carmela carsten carter
cassidy catarina cathal catriona cayetano celina chandra chanel charlotta chelsey
chiara chidi chinedu chioma chloe ciara cian claes clarissa claudine clemens clotilde colette
conchita consuelo cora cordelia cornelia cornelius cosima cristian cristiano cristobal dagmar
dalia damir damon danica danilo danuta darcy daria dariusz darko darya davide dean deanna
declan delia demetrius denisa derrick desiree devin diann dilip dimitra dimitris dinesh dino divya
dmitriy dmytro dolly domenico donata donna donovan dorian dorota dorte dragan dusan ebba ebony
edita edna edoardo eduard eino eirik eitan ekaterina elaina elene eleonora elettra eleni elin
elina eliska eloise elvira elsie emanuel emanuele emeka emiliano emine emir emre endre enzo erhan
erica ernst erzsebet esra estefania esperanza eszter etienne eugenia eugenie eva-maria evangelia ewa
ewan ewelina fabienne fabrice fadi faisal fanny fatma federica federico felicity ferenc fergus
fernand fidel filippo finn flavia flora flynn franca franziska fredrik frida frieda frode fumiko
gabor gareth garrett gaspard gavin georgi georgios geraldo gergely gerda germaine gerrit gertrude
gianna gino giorgia gitte gizem gonzalo goran gordana gorka grazyna gregor grzegorz guadalupe gudrun
gunnar gustavo haakon hakan haley halina hamid hana hanne haruka haruto hasan hatice hedda hedwig
heike heli hendrik henning hermann hernan hideki hilary hilda hilde hillary holger horst
hortense hristo hubert ignatius ilaria ilona ilse imelda imogen inga inge inger ingeborg inigo
ioana ion ioannis irena irfan irma irmgard isaiah isidora isla ismael istvan italo iva ivar ivo
iwona jacek jacinta jadwiga jaime jaka jalal jamal jana jane janek janina janne jannik janos jarmila
jaroslav javed jayden jayne jeanne jeffery jelena jenna jennie jenni jerzy jesper jessie jill jindrich
jiri jitka joakim joanie jocelyne jochen jody joern johnnie jolanta jona jorgen jorg josefina josefine
josephina josip jovan jozef jozsef judit julianne juliane juliet juho jukka jun junko jurgen justine
justyna kaan kacper kai-uwe kaitlin kaitlyn kamil kamila kaori karel kari karina karolin karsten
kasper katalin katarina kate katelyn katharina kateryna katerina kathe kavita kaylee kazuki keiko
keisha kelsey kemal kendra kenya kerem kieran kiran kirk kirsi kirsty kjell kobe koen kofi konstantin
kristi kristian kristjan kristof krystyna kwame kylie lajos lakshmi lana lars-erik lasse laszlo latoya
laureen laurin lavinia layla leandro leigh leif leilani lennart leonor leopold leszek levi levon lidia
liesbeth lieselotte liliana lillie linnea lino lisbeth livia ljiljana lorcan loredana lorna lothar
luana luc lucian luciana luciano lucinda luka luisella lukasz luz lyudmila maarten maciej madison
mads magda maggie magnus maha mahmoud maia maisie maja makoto malgorzata malia malik malin mandy
manfred manoj mara marek maren margareta margaux margot marguerite mariam mariella marijke marika
marilena marin marisol marissa maritza marius marjan mark marko marlon marla marlies marlon marten
martyna maryam masha massimo mathew mathis matilde matias matteus matyas maud maxine mehdi
meera meike melina melvin merete mette mia micaela micah mieke mieczyslaw mika
mikhail miklos mila milan milada milica milos mina mindy mio mira mirela mireille mirjam mirko
miroslav miroslava mitchell mitsuko mladen mohan mohit moises monique montserrat moshe mukesh munir
murat nadja nadezhda nagore naomi narendra nasser natalya natascha nathanael neha nell nelly neus
neville niamh niccolo nico nicholle niels nigar niklas niko nikola nikolaj nikolaos nikolay nikos nils
nisha noelia noemi noor noora noriko nuno nuria octavia oddvar odette ofelia oksana ola olav
oleksandr olena olivier olof ondrej onur orla orlando orsolya ottavio ottilie paavo padraig palle
paloma pamela panagiotis paolo parisa pasquale patrice patrik patrizia patryk paulina paulo pauliina
pavla pawel pedro pekka pelle perla pernille petar petros petter philipp phoebe pia pierluigi pilar
pooja pradeep prakash pranav predrag priscila radek radka rafal raghav rahul raisa rajesh raimund
rajiv rakesh ralitsa ramesh ramiro ramona rana raquel rasmus reginald reiner reinhard reka remi
renata renato rhiannon rhys riccardo riikka rikard rita-maria ritva robbie roberta rocio roderick
rogelio rohan romain romina ronan ronja rory rosalia rosalind rosanna rosario rowan roxana
rozalia rubina rufus ruslan ruta ruzena sabina sadie saeed sabri sakura salma salome samira
sandor sandro sanna santino saskia satoshi saverio savannah selena selma serena seth sevda severine
shabnam shanice shauna shawna shelby sheri sherri shivani shreya sibylle siena sigurd silas silke
silvana silvio simona sinead sini siobhan slavica slobodan snezana soeren solange solveig
sonja soren stanislaw stefania stefano steffen stelios stig stine subhash sumit sunita sushma suzana
svein svenja sverre swati sybille szilvia taavi tabea tabitha tadeusz taha takeshi tamar tamas tania
tanja tarek tariq tatjana taylor tania telmo teodora terence teresita terje terrence tess tessa thea
theo thiago thora thorsten tibor tihomir tilda timo timofey tiziana tomasso tomi tomislav tommaso
tonje torben tord torsten toshiko tove trine trisha trond tuomas tushar tuula ulla ulrika ulrike
umberto ute vaclav valentin valentino vasco vasile vasiliki vasily veikko venkat vera-maria veronika
vesna viggo vijay vikram viktoria ville vilma vincenza vinod viorica virgil virginie viviana vivien
vivienne vladislav vlasta vojtech volker waldemar waltraud wenche werner wiebke wieslaw willem willy
winston wladyslaw wojciech xenia ximena yannick yann yara yasemin yasmine yevgeny ying yoko yosef
yoshiko youssef yumi yuri yvonne zainab zara zdenek zeynep zeljko zdenka zofia zoran zsofia zsolt zuzana
wei xin ming jing lei jun hao yan fang hui xiaoming xiaohong jianguo weiming
"""
)
SURNAMES = _words(
    """
smith johnson williams jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
anderson taylor moore jackson thompson harris sanchez clark ramirez robinson wright torres nguyen
flores adams nelson hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz
edwards collins reyes morris morales murphy rogers gutierrez ortiz morgan cooper peterson reed
bailey kelly howard ramos watson brooks bennett mendoza ruiz hughes alvarez castillo sanders patel
myers ross foster jimenez powell jenkins perry sullivan coleman butler henderson barnes gonzales
fisher vasquez simmons patterson jordan reynolds hamilton graham wallace singh khan sharma gupta
kumar muller schmidt schneider fischer weber wagner becker hoffmann schulz rossi russo ferrari
bianchi dubois durand moreau laurent lefebvre kowalski nowak ivanov petrov jansen bakker hansen
johansson andersson nilsson olsen larsen tanaka suzuki yamamoto watanabe kim wang zhang liu chen yang
huang zhao zhou xu zhu lin guo zheng liang xie tang feng
"""
)
# Given names that are towns and countries as well: of these, too, it is said what they are like.
PLACES_AND_NAMES = _words(
    """
adelaide alexandria aurora austin bailey carolina charlotte chelsea devon diego florence francisco
georgia jordan jose lorraine lourdes madison paris santiago savannah sofia sydney sidney tyler victoria
virginia vienna wayne
"""
)
# Given names that are words of every day, too: alone before a colon or in a list they are none.
WORDS_AND_NAMES = _words(
    "amber carol crystal dean ebony eve frank glen guy iris jack jean marina mark max penny ray robin sue"
)


def unaccented(word: str) -> str:
    """Return the word in small letters without their accents, as the lists have them."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    parted = normalize("NFKD", lowered.translate(_STROKED))
    return "".join(letter for letter in parted if letter.isascii())
