"""The corpora a user adds, each a folder of the data folder. Nothing of them leaves this computer.

corpus = create_corpus(home, {"poems.txt": data})  # nothing is read yet
for step in corpus.read_stepwise(): ...            # in a process of its own; step.share from 0 to 1
corpus.summary().counts.poems                      # what was found
corpus.set_included({3: False})                    # leave part 3 out
corpus.edit(corpus.results().key(3), edit(text="…"))  # replace its text
corpus.poems()                                     # the poems to train on
corpus.state().owner, corpus.licence()             # whose poems they are
list_corpora(home), find_corpus(home, corpus.id)
"""

from poetbot.library.corpora.folder import Corpus, create_corpus, find_corpus, list_corpora
from poetbot.library.corpora.metadata import OWNERS, File, Metadata
from poetbot.library.corpora.summary import Counts, Summary

__all__ = [
    "OWNERS",
    "Corpus",
    "Counts",
    "File",
    "Metadata",
    "Summary",
    "create_corpus",
    "find_corpus",
    "list_corpora",
]
