"""Where a picture comes from, in the words that machines read: made by a trained model (IPTC digital source type in XMP; IPTC Photo
Metadata Standard 2025.1)."""

from __future__ import annotations

from .. import __version__

AI_PICTURES = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
NOTE = "XML:com.adobe.xmp"  # what PNG calls it
PACKET = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<xmp:CreatorTool>Storybook Studio {__version__}</xmp:CreatorTool>
<Iptc4xmpExt:DigitalSourceType>{AI_PICTURES}</Iptc4xmpExt:DigitalSourceType>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
