"""Makes the bundled text font: Inter with tabular figures as the default ones, Latin, Greek and mathematical signs only.

JavaFX cannot switch on an OpenType feature, and proportional figures make live numbers jump.
Usage: python tabular.py IN.otf OUT.otf   (needs fonttools)
"""
import sys
from fontTools.ttLib import TTFont
from fontTools import subset

source, target = sys.argv[1:]
font = TTFont(source)
gsub = font["GSUB"].table
swap = {}
for feature in gsub.FeatureList.FeatureRecord:
    if feature.FeatureTag == "tnum":
        for index in feature.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                table = getattr(table, "ExtSubTable", table)
                swap.update(getattr(table, "mapping", {}))
for table in font["cmap"].tables:
    for code, glyph in list(table.cmap.items()):
        if chr(code) in "0123456789+−":
            table.cmap[code] = swap.get(glyph, glyph)
bold = "SemiBold" in font["name"].getDebugName(4)
style = "Bold" if bold else "Regular"
names = font["name"]
names.names = [record for record in names.names if record.nameID in (0, 13, 14)]
for name_id, text in ((1, "SlimeLab Inter"), (2, style), (3, "SlimeLab Inter " + style), (4, "SlimeLab Inter " + style), (6, "SlimeLabInter-" + style)):
    names.setName(text, name_id, 3, 1, 0x409)
font["head"].macStyle = 1 if bold else 0
font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0x61 | (0x20 if bold else 0x40)
font["OS/2"].usWeightClass = 700 if bold else 400
options = subset.Options()
options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
options.name_IDs = ["*"]
options.notdef_outline = True
subsetter = subset.Subsetter(options)
ranges = [(0x20, 0x7E), (0xA0, 0x17F), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20AC, 0x20AC), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2318, 0x2318), (0x21E7, 0x21E7), (0x25A0, 0x25FF), (0x2713, 0x2717), (0x2300,0x23ff)]
subsetter.populate(unicodes=[code for low, high in ranges for code in range(low, high + 1)])
subsetter.subset(font)
font.save(target)
print(target, len(swap), "tabular glyphs,", len(font.getGlyphOrder()), "glyphs")
