"""Where the functions of the rows are kept."""

SLIPS = {}
FLOOR, CEIL = "not rounded down", "rounded up"
PERCENT = "in percent: type the sign % with it"
SWAPPED, START = "rows and columns are swapped", "at the very start counts too"


def of(*rows):
    """The slips of these rows: question -> (words, wrong answer), ..."""

    def kept(slips):
        SLIPS.update(dict.fromkeys(rows, slips))
        return slips

    return kept
