metadata = {"apiLevel": "1.0"}


def run(ctx):
    pass
