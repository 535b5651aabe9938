"""Work on many machines with Ray, which the extra `cluster` installs. Nothing else in PoetBot imports Ray or pyarrow."""
