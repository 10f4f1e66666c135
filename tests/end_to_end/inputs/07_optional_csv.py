requirements = {"robotType": "OT-2", "apiLevel": "2.20"}


def add_parameters(p):
    p.add_csv_file(variable_name="f", display_name="F", description="d")
    p.add_bool(variable_name="use_csv", display_name="Use CSV", default=False)


def run(ctx):
    ctx.comment(ctx.params.f.contents if ctx.params.use_csv else "no csv")
