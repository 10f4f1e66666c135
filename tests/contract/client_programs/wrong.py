"""A program with a mistake in each marked line: a type checker has to find all of them."""

from sila_ot2.client import connect

ot2 = connect("127.0.0.1")
ot2.atomic_liquid_handling.aspirate("middle", "id", "A1", 50)  # wrong: no such mount
ot2.atomic_liquid_handling.aspirate("left", "id", "A1", "much")  # wrong: no number
ot2.atomic_liquid_handling.aspirate("left", "id", "A1")  # wrong: no volume
ot2.atomic_liquid_handling.aspirate("left", "id", "A1", 50, "Top")  # wrong: an option without its name
ot2.atomic_liquid_handling.home(axes=["Q"])  # wrong: no such axis
ot2.run("plate.py").duration.days  # wrong: a number of seconds
ot2.run_controller.run_status.get().value  # wrong: a text
ot2.run_controller.current_run.get().status  # wrong: a list
ot2.run_controller.run_status.set("Idle")  # wrong: properties are not set
ot2.device_lights  # wrong: no such feature
