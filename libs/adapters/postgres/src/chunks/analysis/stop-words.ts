/**
 * The few words that stand in any text of a language, and none that carry a question. Longer lists lose questions made of
 * such words ("to be or not to be"); what is left, the inverse document frequency sees to.
 */
const STOP_WORDS: Readonly<Record<string, string>> = {
  ar: 'في من على إلى الى عن أن ان إن لا هذا هذه ذلك التي الذي الذين كان كانت هو هي هم و أو مع قد لم ثم كما عند كل',
  de:
    'der die das den dem des ein eine einen einem einer eines und oder aber als am an auf aus bei bis da dass daß durch ' +
    'für im in ins ist sind war waren mit nach nicht noch nur sich so um unter vom von vor werden wird zu zum zur über',
  en:
    'a an and are as at be but by for if in into is it no not of on or such that the their then there these they ' +
    'this to was will with',
  es:
    'a al como con de del e el ella en entre era es esta este fue ha han la las le lo los más me mi no o para pero por ' +
    'que se ser sin sobre son su sus un una uno unos unas y ya',
  fr:
    'a à au aux avec c ce ces cette d dans de des du elle en est et été était il ils j je l la le les leur lui m mais n ' +
    'ne nous on ou par pas pour qu que qui s sa se ses son sont sur t un une vous y',
  hi:
    'का के की को में से है हैं था थी थे और या एक यह ये वह वे इस उस ने पर कि जो तो भी ही हो कर करने लिए साथ द्वारा अपने इसके इसकी गया गई ' +
    'रहा रहे रही',
  it:
    'a ad ai al alla alle all agli che chi ci come con d da dal dalla dall dei del della delle dell degli di e è ed era gli ha i ' +
    'il in l la le lo ma ne nei nel nella nell non o per più questa questo s se si sono su sul sulla sull un una uno un',
  nl:
    'aan als bij dan dat de der deze die dit door een en er heeft het hij hun ik in is je kan maar met naar niet nog nu of om ' +
    'onder ook op over te tot uit van voor was wat werd wordt ze zich zij zijn',
  pt:
    'a à ao aos as às com como da das de do dos e é ela ele em entre era esta este foi há mais mas na nas no nos não o os ou ' +
    'para pela pelo pelos por que se sem ser seu sua são também um uma',
  ru:
    'а без бы был была были было быть в во вы да для до его ее её если же за и из или им их к как ко которые который ли мы на не ' +
    'но о об он она они оно от по под при с со так также то у что чтобы эта это этот я',
};

/** A language's stop words in lower case; none for most. */
export function stopWords(language: string): ReadonlySet<string> {
  return new Set((STOP_WORDS[language] ?? '').normalize('NFKC').split(' '));
}
