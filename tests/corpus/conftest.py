"""A little mixed book, written for these tests: title page, contents, preface, poems, a scene, notes, an index."""

import pytest

BOOK = """\
*** START OF THIS PROJECT GUTENBERG EBOOK HARBOUR SONGS ***



HARBOUR SONGS

BY

ANNA WRITER



CONTENTS

  Preface                                  3
  The Lamplighter                          5
  Two Winters                              9
  The Pilot's Dream                       14



PREFACE

When I was asked to bring these few verses together I thought at first of
saying no, for most of them were written on the backs of bills and I had
lost the bills. My sister, however, had kept a drawer, and it is to that
drawer that whoever likes this book should be thankful. Of the songs in it
only one was ever printed before, in a paper that has long since ceased to
appear; a friend reminds me that it began with the lines

  O harbour lights, O harbour lights,
  How far you are tonight,

and so it did, but I have not been able to find the rest of it anywhere.
The remainder is as I wrote it.

A. W.

Rosehaven, May 1871.




THE LAMPLIGHTER

  He comes along when day is done
  And leans against the wall,
  And lights the street lamps one by one,
  The great ones and the small.

  I hear him whistle down the lane
  A tune without an end;
  He walks through wind, he walks through rain,
  And every lamp's his friend.[1]

[Footnote 1: In the paper this stood as "and nobody's his friend," which I
changed at my sister's wish.]

  And when at last the town is bright
  He turns his face away,
  And carries home into the night
  The little that is day.




TWO WINTERS

I

  The first was white from end to end,
  The roofs were white, the sea,
  And white the letters of a friend
  Who wrote no more to me.

II

  The second winter had no snow,
  But only rain and rain,
  And all the things I used to know
  Came knocking at the pane.




THE PILOT'S DREAM

_A Scene_

(_The_ PILOT _sleeps in his chair_. WIFE _enters with a lamp_.)

  WIFE

  Asleep again, and all the nets undone,
  And not a fish to sell when morning comes.

  PILOT

  I dreamed I steered a city through the ice,
  With bells and towers and people at their doors.

  WIFE

  Then steer the kettle, love. The water boils.

  PILOT

  And every window had a lamp in it.




NOTES

The Lamplighter was the nickname of old Jonas Petersen, who had lost the
use of one arm at sea and did the work of two men with the other. He used
to say that the dark was a matter of opinion.




INDEX OF FIRST LINES

  Asleep again, and all the nets undone, 14
  He comes along when day is done, 5
  The first was white from end to end, 9


*** END OF THIS PROJECT GUTENBERG EBOOK HARBOUR SONGS ***

Updated editions will replace the previous one and the old editions will
be renamed, which is nothing to do with Anna Writer.
"""


@pytest.fixture(scope="session")
def book() -> str:
    return BOOK
