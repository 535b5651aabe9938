"""What a person brought to teach a poet: a folder of the data folder for each corpus.

    from poetbot.library.corpora import bring, corpora, find

    corpus = bring(home, {"poems.txt": data})    # a Corpus; nothing is read yet
    for step in corpus.reading(): ...            # in a process of its own; step.share from 0 to 1
    corpus.summary().counts.poems                # what was found
    corpus.say({3: False})                       # the person leaves a part out
    corpus.edit(key, edit(text="…"))             # they write a part anew; a key is record().key(3)
    corpus.poems()                               # what training takes: a list of poetbot.corpus.Poem
    corpus.state().owner, corpus.licence()       # whose poems they are, and the words for the poet's card
    corpora(home), find(home, corpus.id)         # what there is; an id never becomes another path

Nothing of it leaves this computer.
"""

from poetbot.library.corpora.folder import Corpus, bring, corpora, find
from poetbot.library.corpora.metadata import OWNERS, File, State
from poetbot.library.corpora.summary import Counts, Summary

__all__ = ["OWNERS", "Corpus", "Counts", "File", "State", "Summary", "bring", "corpora", "find"]
