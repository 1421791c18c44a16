//! Small words: they stand in every article, and nobody asks for them in another script or as part of a phrase.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

const CHARACTERS: &str = "的了着过吗呢吧啊呀嘛么地得之而与和及或但且若如则虽因于以为被把将让使向往从对按据比跟给替在当到至\
                          不没未别勿很更最太挺颇较越也都又再还就才只仅便即均皆曾已正刚要能可应须该这那哪此其某各每我你您他她它们\
                          谁何几个些却是有来去上下里中";

const WORDS: &str = "我们 你们 他们 她们 它们 咱们 自己 这个 那个 这些 那些 这样 那样 这里 那里 这种 那种 这么 那么 什么 怎么 怎样 \
                     因为 所以 虽然 但是 然而 而且 并且 以及 及其 或者 还是 还有 还要 不是 就是 也是 都是 只是 可是 于是 如果 即使 \
                     无论 不论 不管 由于 因此 从而 对于 关于 至于 为了 随着 通过 根据 按照 经过 其中 其他 其它 之间 之后 之前 过后 \
                     同时 已经 曾经 正在 将要 可以 能够 应该 必须 不能 不会 没有 非常 比较 更加 一些 一个 一种 一样 一直 一定 \
                     几个 许多 与其 个个 说是 时候 后来 起来 下来 出来 过来 过去 起";

static SMALL: LazyLock<FxHashSet<Box<[char]>>> = LazyLock::new(|| {
    let characters = CHARACTERS.chars().filter(|c| !c.is_whitespace()).map(|c| Box::from([c]));
    characters.chain(WORDS.split_whitespace().map(|word| word.chars().collect())).collect()
});

/// Whether `word`, in simplified characters, is one.
pub fn is_small(word: &[char]) -> bool {
    word.len() < 3 && SMALL.contains(word)
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_without_a_meaning_of_their_own_are_small() {
        let is_small = |word: &str| super::is_small(&word.chars().collect::<Vec<_>>());
        assert!(["的", "这个", "我们"].into_iter().all(is_small));
        assert!(!["工会", "个人", "以后", "一带一路", ""].into_iter().any(is_small));
    }
}
