"""PoetBot: teach a small recurrent network your kind of poem and write with it."""
