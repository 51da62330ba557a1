<#
.SYNOPSIS
Records the facts of Windows files as a snapshot (hotfixcheck.inventory/1) for `hotfixcheck scan --inventory FILE`.

.DESCRIPTION
For Windows 7 and later, with the PowerShell that is part of Windows (2.0 and later). It only reads, needs no module,
compiles nothing and starts nothing. Headers and version resources of PE, NE and LE files are read byte by byte, because
.NET partly takes a file's version from a language file.

.EXAMPLE
powershell -NoProfile -ExecutionPolicy Bypass -File hfcollect.ps1 -Output E:\host.json

.EXAMPLE
powershell -NoProfile -ExecutionPolicy Bypass -File hfcollect.ps1 -Output E:\host.json C:\Windows\System32 D:\Tools
#>
param(
    [Parameter(Position = 0, ValueFromRemainingArguments = $true)][string[]]$Folder,
    [Parameter()][string]$Output
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$Version = '0.1.0'
$MaxPiece = 65536
$WindowBytes = 4096
$Unix = [long]621355968000000000
$HighBit = [long]2147483648
$Nt = 'Microsoft\Windows NT\CurrentVersion'

# ---- texts ----

function Quoted([string]$Text) {
    # \z, not $, which also matches before a line feed at the end; JSON forbids that.
    if ($Text -cmatch '^[\x20\x21\x23-\x5B\x5D-\x7E]*\z') { return '"' + $Text + '"' }
    $out = New-Object Text.StringBuilder
    [void]$out.Append('"')
    for ($i = 0; $i -lt $Text.Length; $i++) {
        $c = $Text[$i]
        $code = [int]$c
        if ($code -eq 34 -or $code -eq 92) { [void]$out.Append('\').Append($c) }
        elseif ($code -ge 32 -and $code -lt 127) { [void]$out.Append($c) }
        elseif ([char]::IsHighSurrogate($c) -and ($i + 1) -lt $Text.Length -and [char]::IsLowSurrogate($Text[$i + 1])) {
            [void]$out.Append(('\u{0:x4}\u{1:x4}' -f $code, [int]$Text[$i + 1]))
            $i++
        }
        elseif ([char]::IsSurrogate($c)) { [void]$out.Append('\ufffd') }
        else { [void]$out.Append(('\u{0:x4}' -f $code)) }
    }
    [void]$out.Append('"')
    return $out.ToString()
}
function HexText([long]$Number) { return '0x{0:x}' -f $Number }

# Half a surrogate pair in a name: the bytes of the path are recorded, too.
function PathMembers([string]$Path) {
    $members = '"path":' + (Quoted $Path)
    if ($Path -cnotmatch '[\uD800-\uDFFF]') { return $members }
    $hex = New-Object Text.StringBuilder
    $lossy = $false
    $shown = New-Object Text.StringBuilder
    for ($i = 0; $i -lt $Path.Length; $i++) {
        $c = $Path[$i]
        if ([char]::IsHighSurrogate($c) -and ($i + 1) -lt $Path.Length -and [char]::IsLowSurrogate($Path[$i + 1])) {
            $pair = $Path.Substring($i, 2)
            foreach ($byte in [Text.Encoding]::UTF8.GetBytes($pair)) { [void]$hex.Append('{0:x2}' -f $byte) }
            [void]$shown.Append($pair)
            $i++
        }
        elseif ([char]::IsSurrogate($c)) {
            $code = [int]$c
            [void]$hex.Append(('ed{0:x2}{1:x2}' -f (0x80 -bor (($code -band 0xFC0) / 64)), (0x80 -bor ($code -band 0x3F))))
            [void]$shown.Append([char]0xFFFD).Append([char]0xFFFD).Append([char]0xFFFD)
            $lossy = $true
        }
        else {
            foreach ($byte in [Text.Encoding]::UTF8.GetBytes([string]$c)) { [void]$hex.Append('{0:x2}' -f $byte) }
            [void]$shown.Append($c)
        }
    }
    if (-not $lossy) { return $members }
    return '"path":' + (Quoted $shown.ToString()) + ',"path_raw":"' + $hex.ToString() + '"'
}

# ---- bytes ----

# The current file, and the bytes of it in memory: $buf from $bufAt on.
$stream = $null
$size = [long]0
[byte[]]$buf = @()
$bufAt = [long]0
$bufCount = 0

# What a reader throws: the error as in a snapshot, and as a text.
$fault = $null
function Fault([string]$Json, [string]$Text, [string]$Kind) {
    $script:fault = @{ Json = $Json; Text = $Text; Kind = $Kind }
    throw 'fault'
}
function Corrupt([string]$Text) { Fault ('{"corrupt":' + (Quoted $Text) + '}') $Text 'corrupt' }
function NotPe([string]$Kind) { Fault ('{"not-pe":{"kind":' + (Quoted $Kind) + '}}') $Kind 'not-pe' }
function ReadError($Record) {
    $number = [Runtime.InteropServices.Marshal]::GetHRForException($Record.Exception.GetBaseException())
    return 'cannot be read (error 0x{0:x8})' -f $number
}

function Fill([long]$Offset, [int]$Count) {
    $script:bufAt = $Offset
    $script:bufCount = 0
    if ($Offset -ge $size) { return }
    try {
        if ($script:buf.Length -lt $Count) { $script:buf = New-Object byte[] $Count }
        [void]$stream.Seek($Offset, 'Begin')
        while ($script:bufCount -lt $Count) {
            $got = $stream.Read($script:buf, $script:bufCount, $Count - $script:bufCount)
            if ($got -eq 0) { break }
            $script:bufCount += $got
        }
    }
    catch {
        $what = ReadError $_
        Fault ('{"io":' + (Quoted $what) + '}') "unreadable: $what" 'io'
    }
}
# The position in $buf of this many bytes from an offset on.
function At([string]$What, [long]$Offset, [int]$Count) {
    if ($Offset -lt $bufAt -or ($Offset + $Count) -gt ($bufAt + $bufCount)) {
        Fill $Offset ([Math]::Max($Count, $WindowBytes))
        if ($bufCount -lt $Count) {
            Fault ('{"truncated":{"what":' + (Quoted $What) + ",`"offset`":$Offset,`"size`":$size}}") `
                ("truncated: $What at offset " + (HexText $Offset) + " is after the end of the file ($size bytes)") 'truncated'
        }
    }
    return [int]($Offset - $bufAt)
}
# As many bytes as exist: their position in $buf and their count.
function UpTo([long]$Offset, [int]$Count) {
    if ($Offset -lt $bufAt -or ($Offset + $Count) -gt ($bufAt + $bufCount)) { Fill $Offset ([Math]::Max($Count, $WindowBytes)) }
    $held = [Math]::Min([long]$Count, [Math]::Max([long]0, $bufAt + $bufCount - $Offset))
    return @([int]($Offset - $bufAt), [int]$held)
}
function U16([int]$At) { return [int][BitConverter]::ToUInt16($buf, $At) }
function U32([int]$At) { return [long][BitConverter]::ToUInt32($buf, $At) }

# ---- headers ----

function MachineOf([string]$Format, [int]$Raw) {
    if ($Format -eq 'ne') { return 'i386' }
    if ($Format -ne 'pe') {
        if ($Raw -ge 1 -and $Raw -le 4) { return 'i386' }
        if ($Raw -ge 0x40 -and $Raw -le 0x42) { return 'mips' }
        return $null
    }
    switch ($Raw) {
        0x14C { return 'i386' }
        { $_ -eq 0x184 -or $_ -eq 0x284 } { return 'alpha' }
        { $_ -eq 0x162 -or $_ -eq 0x166 -or $_ -eq 0x168 -or $_ -eq 0x169 } { return 'mips' }
        { $_ -eq 0x1F0 -or $_ -eq 0x1F1 } { return 'ppc' }
        0x200 { return 'ia64' }
        0x8664 { return 'x64' }
        { $_ -eq 0x1C0 -or $_ -eq 0x1C2 -or $_ -eq 0x1C4 } { return 'arm' }
        0xAA64 { return 'arm64' }
    }
    return $null
}
$Usual = @{ 'i386' = 0x14C; 'alpha' = 0x184; 'mips' = 0x166; 'ppc' = 0x1F0; 'ia64' = 0x200; 'x64' = 0x8664; 'arm' = 0x1C4; 'arm64' = 0xAA64 }
function UsualField([string]$Format, $Machine) {
    if (-not $Machine -or $Format -eq 'ne') { return 0 }
    if ($Format -ne 'pe') { return 2 }
    return $Usual[$Machine]
}

# Every program has a length: a file with MZ and zeros is damaged.
function PlainDos([int]$Pages) {
    if ($Pages -eq 0) { Corrupt 'the DOS header gives a length of zero' }
    NotPe 'DOS program'
}

function ReadHeader {
    $p = At 'DOS header' 0 64
    $hasNew = (U16 ($p + 24)) -ge 0x40
    $start = U32 ($p + 60)
    $pages = U16 ($p + 4)
    if ($start -eq 0) { PlainDos $pages }
    try { $p = At 'PE header' $start 4 }
    catch {
        if ($fault -and $fault.Kind -eq 'truncated' -and -not $hasNew) { PlainDos $pages }
        throw
    }
    $signature = U32 $p
    $header = @{ Format = 'pe'; HasResources = $false; Start = $start; Raw = 0; Built = [long]0; Checksum = [long]0 }
    if ($signature -eq 0x4550) {
        $p = At 'PE header' $start 24
        $header.Raw = U16 ($p + 4)
        $header.Sections = U16 ($p + 6)
        $header.Built = U32 ($p + 8)
        $header.OptionalSize = U16 ($p + 20)
        $header.Optional = $start + 24
        if ($header.OptionalSize -ge 68) {
            $p = At 'optional header' $header.Optional 68
            $header.Checksum = U32 ($p + 64)
        }
        return $header
    }
    switch ([int]($signature -band 0xFFFF)) {
        0x454E {
            $p = At 'NE header' $start 64
            $header.Format = 'ne'
            $header.ResourceTable = U16 ($p + 0x24)
            $header.ResidentNames = U16 ($p + 0x26)
            $header.System = [int]$buf[$p + 0x36]
            return $header
        }
        { $_ -eq 0x454C -or $_ -eq 0x584C } {
            $p = At 'LE header' $start 68
            if ((U16 ($p + 2)) -ne 0) { NotPe 'big-endian LE' }
            if ($_ -eq 0x454C) { $header.Format = 'le' } else { $header.Format = 'lx' }
            $header.Raw = U16 ($p + 8)
            $header.System = U16 ($p + 10)
            $header.ObjectTable = U32 ($p + 0x40)
            return $header
        }
        { $_ -eq 0x3357 -or $_ -eq 0x3457 } { NotPe 'library of virtual device drivers' }
    }
    if ($hasNew) { Corrupt ('no PE signature at offset ' + (HexText $start) + ', where the DOS header points') }
    PlainDos $pages
}

# ---- the position of the version resource: each function returns a list of @(offset, size) ----

function LoadSections($Header) {
    if ($Header.Sections -gt 1024) { Corrupt "$($Header.Sections) sections announced" }
    $p = At 'optional header' $Header.Optional 64
    $script:headerSize = U32 ($p + 60)
    $rounded = (U32 ($p + 36)) -ge 0x200
    # Below the page size, sections are mapped in one piece.
    $script:flat = (U32 ($p + 32)) -ge 1 -and (U32 ($p + 32)) -lt 0x1000
    $p = At 'section table' ($Header.Optional + $Header.OptionalSize) ($Header.Sections * 40)
    $script:sections = New-Object Collections.ArrayList
    for ($i = 0; $i -lt $Header.Sections; $i++) {
        $offset = U32 ($p + 20)
        $stated = $offset
        if ($rounded) { $offset -= $offset % 0x200 }
        [void]$script:sections.Add(@((U32 ($p + 12)), (U32 ($p + 16)), $offset, $stated))
        $p += 40
    }
}
function AreZeros([int]$At, [int]$Count) {
    for ($i = 0; $i -lt $Count; $i++) { if ($buf[$At + $i] -ne 0) { return $false } }
    return $true
}
function PeLeaves($Header) {
    $p = At 'optional header' $Header.Optional 2
    $magic = U16 $p
    if ($magic -eq 0x10B) { $fixed = 96 }
    elseif ($magic -eq 0x20B) { $fixed = 112 }
    else { Corrupt ('unknown optional header magic ' + (HexText $magic) + ' at offset ' + (HexText $Header.Optional)) }
    $p = At 'optional header' $Header.Optional $fixed
    if ((U32 ($p + $fixed - 4)) -le 2) { return }
    $p = At 'data directory' ($Header.Optional + $fixed + 16) 8
    $address = U32 $p
    $length = U32 ($p + 4)
    if ($address -eq 0) { return }
    $Header.HasResources = $true

    LoadSections $Header
    $root = Place $address
    if ($root -lt 0) { Corrupt ("the resource directory's address " + (HexText $address) + ' lies in no section of the file') }

    if ($length -gt 16) {
        $p = At 'resource directory' $root 16
        # Zeros where the header announces resources: a lost part of the file, not a file without a version.
        if (AreZeros $p 16) { Corrupt ('the resource directory at ' + (HexText $root) + ' is all zeros') }
    }
    $target = Entry $root 16
    if ($target -lt 0) { return }
    $start = $root + (Subdirectory $target)
    $target = Entry $start 1
    if ($target -lt 0) { $target = Entry $start -1 }
    if ($target -lt 0) { Corrupt 'the version resource type has no name below it' }
    $start = $root + (Subdirectory $target)
    $count = EntryCount $start
    if ($count -eq 0) { Corrupt 'the version resource has no language below it' }
    $targets = @()
    $p = At 'resource directory' ($start + 16) ($count * 8)
    for ($i = 0; $i -lt $count -and $i -lt 64; $i++) { $targets += U32 ($p + 8 * $i + 4) }
    $leaves = New-Object Collections.ArrayList
    foreach ($target in $targets) {
        if ($target -ge $HighBit) { Corrupt 'the version resource has a directory below its language' }
        $p = At 'resource data entry' ($root + $target) 16
        $address = U32 $p
        $length = U32 ($p + 4)
        $offset = Place $address
        if ($offset -lt 0) { Corrupt ("the version block's address " + (HexText $address) + ' lies in no section of the file') }
        [void]$leaves.Add(@($offset, $length))
    }
    return ,$leaves
}
# Why the contents of the sections are not in the file, or $null: Windows does not load a file that was cut off. The end
# of the last sector may be missing. Called for a file whose version was found, or that has none.
function LostSections($Header) {
    if (-not $Header.HasResources) { LoadSections $Header }
    foreach ($section in $sections) {
        if (-not $flat -and $section[3] -and $section[1] -and $section[2] + $section[1] -ge $size + 0x200) {
            return 'truncated: section at offset ' + (HexText $section[2]) + " is after the end of the file ($size bytes)"
        }
    }
    # Where there are resources, their directory was read: something is left of the contents.
    if ($Header.HasResources) { return $null }
    $seen = $false
    foreach ($section in $sections) {
        if (-not $section[3]) { continue }
        $piece = UpTo $section[2] ([int][Math]::Min($section[1], [long]0x200))
        if ($piece[1] -gt 0) {
            if (-not (AreZeros $piece[0] $piece[1])) { return $null }
            $seen = $true
        }
    }
    if ($seen) { return 'every section of the file begins with zeros' }
    return $null
}
# The file offset of an address in the image; -1 if it is not in the file.
function Place([long]$Address) {
    $headersEnd = $headerSize
    $first = $true
    foreach ($section in $sections) {
        $inside = $Address - $section[0]
        if ($inside -ge 0 -and $inside -lt $section[1]) { return $section[2] + $inside }
        if ($first -or $section[0] -lt $headersEnd) { $headersEnd = $section[0] }
        $first = $false
    }
    if ($Address -lt $headersEnd) { return $Address }
    return [long]-1
}
function EntryCount([long]$Start) {
    $p = At 'resource directory' $Start 16
    $count = (U16 ($p + 12)) + (U16 ($p + 14))
    if ($count -gt 4096) { Corrupt ('the resource directory at ' + (HexText $Start) + " announces $count entries") }
    return $count
}
# The target of the entry with this name, or of the first one for -1; -1 if there is none.
function Entry([long]$Start, [long]$Name) {
    $count = EntryCount $Start
    $p = At 'resource directory' ($Start + 16) ($count * 8)
    for ($i = 0; $i -lt $count; $i++) {
        if ($Name -eq -1 -or (U32 ($p + 8 * $i)) -eq $Name) { return U32 ($p + 8 * $i + 4) }
    }
    return [long]-1
}
function Subdirectory([long]$Target) {
    if ($Target -lt $HighBit) { Corrupt "the version resource's directory is not three levels deep" }
    return $Target - $HighBit
}

function NeLeaves($Header) {
    if ($Header.ResourceTable -eq 0 -or $Header.ResourceTable -eq $Header.ResidentNames -or $Header.System -eq 1) { return }
    $table = $Header.Start + $Header.ResourceTable
    $p = At 'resource table' $table 2
    $shift = U16 $p
    if ($shift -gt 15) { Corrupt ('the resource table at ' + (HexText $table) + " has an alignment shift of $shift") }
    $unit = [long][Math]::Pow(2, $shift)
    $at = $table + 2
    $unread = $null
    for ($step = 0; $step -lt 256; $step++) {
        $p = At 'resource table' $at 2
        $kind = U16 $p
        if ($kind -eq 0) {
            if ($unread) {
                $script:fault = $unread
                throw 'fault'
            }
            return
        }
        $p = At 'resource table' $at 8
        $count = U16 ($p + 2)
        if ($count -gt 4096) { Corrupt ('the resource type at ' + (HexText $at) + " announces $count resources") }
        $isVersion = $kind -eq 0x8010
        if ($kind -lt 0x8000) {
            try { $isVersion = NamedVersion ($table + $kind) }
            catch {
                if (-not $fault -or $fault.Kind -ne 'truncated') { throw }
                # One of the later types may still be the right one.
                if (-not $unread) { $unread = $fault }
                $script:fault = $null
            }
        }
        if ($isVersion) {
            $p = At 'resource table' ($at + 8) ($count * 12)
            if ($count -eq 0) { Corrupt 'the version resource type has no resource' }
            $row = $p
            for ($i = 0; $i -lt $count; $i++) {
                if ((U16 ($p + 12 * $i + 6)) -eq 0x8001) {
                    $row = $p + 12 * $i
                    break
                }
            }
            $leaves = New-Object Collections.ArrayList
            [void]$leaves.Add(@(((U16 $row) * $unit), ((U16 ($row + 2)) * $unit)))
            return ,$leaves
        }
        $at += 8 + $count * 12
    }
    Corrupt ('the resource table at ' + (HexText $table) + ' has more than 256 types')
}
function NamedVersion([long]$Offset) {
    $p = At 'resource type name' $Offset 1
    if ($buf[$p] -ne 11) { return $false }
    $p = At 'resource type name' ($Offset + 1) 11
    return [Text.Encoding]::ASCII.GetString($buf, $p, 11) -eq 'VERSIONINFO'
}

function LeLeaves($Header) {
    if ($Header.System -eq 1 -or ($Header.ObjectTable -ge 1 -and $Header.ObjectTable -lt 0xC0)) { return }
    $p = At 'LE header' ($Header.Start + 0xB8) 8
    $offset = U32 $p
    $length = U32 ($p + 4)
    if ($offset -eq 0 -or $length -eq 0) { return }
    $at = $offset
    $end = $offset + $length
    for ($step = 0; $step -lt 64; $step++) {
        if (($at + 12) -gt $end) { return }
        $piece = UpTo $at 262
        $p = $piece[0]
        $last = $p + $piece[1]
        $first = Ident $p $last
        $second = 0
        if ($first) { $second = Ident ($p + $first) $last }
        if (-not $second -or ($p + $first + $second + 6) -gt $last) {
            [void](At 'resource header' $at 262)
            Corrupt ('no resource header at ' + (HexText $at))
        }
        $isVersion = $buf[$p] -eq 0xFF -and (U16 ($p + 1)) -eq 16
        $length = U32 ($p + $first + $second + 2)
        $at += $first + $second + 6
        if ($isVersion) {
            $leaves = New-Object Collections.ArrayList
            [void]$leaves.Add(@($at, $length))
            return ,$leaves
        }
        $at += $length
    }
    Corrupt ('more than 64 resources at ' + (HexText $offset))
}
# The length of a type or name, by number or as a text; 0 if it is incomplete.
function Ident([int]$At, [int]$Last) {
    if ($At -ge $Last) { return 0 }
    if ($buf[$At] -eq 0xFF) {
        if (($At + 3) -le $Last) { return 3 }
        return 0
    }
    for ($i = 0; $i -lt 128 -and ($At + $i) -lt $Last; $i++) { if ($buf[$At + $i] -eq 0) { return $i + 1 } }
    return 0
}

# ---- version blocks ----

$CodePages = 866, 874, 932, 936, 949, 950, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 10000
# By code points: -eq and the keys of @{ } leave out characters without weight, such as U+FFFF.
$Slots = New-Object Collections.Hashtable ([StringComparer]::OrdinalIgnoreCase)
$Slots['FileVersion'] = 0
$Slots['ProductVersion'] = 1
$Slots['InternalName'] = 2
$Slots['ProductName'] = 3
$Slots['CompanyName'] = 4
$Slots['OriginalFilename'] = 5
# Not $Members: a caller's variable of that name would be read instead.
$MemberNames = 'file_version', 'product_version', 'internal_name', 'product_name', 'company_name'

function IsNamed($Node, [string]$Name) { return [string]::Equals($Node.Name, $Name, [StringComparison]::OrdinalIgnoreCase) }
function Aligned([int]$At) { return $At + ((4 - ($At % 4)) % 4) }
function ToNul($Block, [int]$Start, [int]$End) {
    $bytes = $Block.Bytes
    $at = $Start
    if ($Block.Narrow) { while ($at -lt $End -and $bytes[$at] -ne 0) { $at++ } }
    else { while (($at + 2) -le $End -and ($bytes[$at] -ne 0 -or $bytes[$at + 1] -ne 0)) { $at += 2 } }
    return $at - $Start
}
function TextOf($Block, [int]$Start, [int]$Length, [int]$CodePage) {
    if (-not $Block.Narrow) { return [Text.Encoding]::Unicode.GetString($Block.Bytes, $Start, $Length) }
    return [Text.Encoding]::GetEncoding($CodePage).GetString($Block.Bytes, $Start, $Length)
}
function Note($Info, [string]$Text) { if (-not $Info.Damage) { $Info.Damage = $Text } }
# The node at a position of a parent with this end; $null if there is none; a text if it is invalid.
function Node($Block, [int]$At, [int]$End) {
    $bytes = $Block.Bytes
    $at = Aligned $At
    if ($End -gt $bytes.Length -or $at -gt $End -or ($End - $at) -lt $Block.Head) { return $null }
    $length = [int][BitConverter]::ToUInt16($bytes, $at)
    if ($length -eq 0) {
        $i = $at
        while ($i -lt $End -and $bytes[$i] -eq 0) { $i++ }
        if ($i -eq $End) { return $null }
    }
    if ($length -lt $Block.Head) { return "a node of $length bytes at " + (HexText $at) + ' of the version block' }
    $node = @{ Key = $at + $Block.Head; End = $at + [Math]::Min($length, $End - $at); Announced = $at + $length }
    $node.ValueLength = [int][BitConverter]::ToUInt16($bytes, $at + 2)
    $node.KeyLength = ToNul $Block $node.Key $node.End
    $node.Value = [Math]::Min((Aligned ($node.Key + $node.KeyLength + $Block.Unit)), $node.End)
    $node.Name = TextOf $Block $node.Key $node.KeyLength 1252
    return $node
}

# Adds the facts in a block; returns $null, or why no part of it can be used.
function ParseBlock([byte[]]$Bytes, [int]$Announced, $Info) {
    $block = @{ Bytes = $Bytes; Narrow = $false; Head = 6; Unit = 2 }
    if ($Bytes.Length -ge 8 -and [Text.Encoding]::ASCII.GetString($Bytes, 4, 4) -eq 'VS_V') {
        $block.Narrow = $true
        $block.Head = 4
        $block.Unit = 1
    }
    $root = Node $block 0 $Bytes.Length
    if ($root -is [string]) { return $root }
    if ($null -eq $root -or -not (IsNamed $root 'VS_VERSION_INFO')) {
        if ($Bytes.Length -lt $Announced) { return "truncated: the file ends after $($Bytes.Length) of its $Announced bytes" }
        if ($null -eq $root) { return "no node at its start ($Announced bytes by the resource's leaf)" }
        $shown = $root.Name.Substring(0, [Math]::Min(32, $root.Name.Length))
        return "it begins with the key `"$shown`" instead of `"VS_VERSION_INFO`""
    }
    $before = $Info.Damage
    $cut = $root.Announced -gt ($root.End + 3)
    if ($cut) { Note $Info "the version block is cut: $($root.End) of $($root.Announced) bytes" }
    $at = $root.Value + $root.ValueLength
    if (($root.End - $root.Value) -ge 24 -and [BitConverter]::ToUInt32($Bytes, $root.Value) -eq 4277077181) {
        if (-not $Info.Fixed) {
            $Info.Fixed = Four $Bytes ($root.Value + 8)
            $Info.Product = Four $Bytes ($root.Value + 16)
        }
        $at = [Math]::Max($at, $root.Value + 52)
    }
    elseif ($root.ValueLength -ne 0) {
        if ($cut) {
            $Info.Damage = $before
            return 'truncated before the end of its fixed information'
        }
        Note $Info ('no fixed information at ' + (HexText $root.Value) + ' of the version block')
    }
    for ($i = 0; $i -lt 16; $i++) {
        $child = Node $block $at $root.End
        if ($child -is [string]) { Note $Info $child }
        if ($null -eq $child -or $child -is [string]) { break }
        if (IsNamed $child 'StringFileInfo') { ParseTables $block $child $Info }
        $at = $child.End
    }
    return $null
}
function Four([byte[]]$Bytes, [int]$At) {
    return '{0}.{1}.{2}.{3}' -f [BitConverter]::ToUInt16($Bytes, $At + 2), [BitConverter]::ToUInt16($Bytes, $At),
        [BitConverter]::ToUInt16($Bytes, $At + 6), [BitConverter]::ToUInt16($Bytes, $At + 4)
}
function ParseTables($Block, $Parent, $Info) {
    $at = $Parent.Value
    while ($Info.Tables.Count -lt 256) {
        $table = Node $Block $at $Parent.End
        if ($table -is [string]) { Note $Info $table }
        if ($null -eq $table -or $table -is [string]) { return }
        ParseTable $Block $table $Info
        $at = $table.End
    }
}
function ParseTable($Block, $Table, $Info) {
    $page = 1252
    if ($Table.Name -cmatch '^.{4}([0-9A-Fa-f]{4})') {
        $said = [Convert]::ToInt32($Matches[1], 16)
        if ($CodePages -contains $said) { $page = $said }
    }
    $values = @($null) * 6
    $at = $Table.Value
    for ($i = 0; $i -lt 512; $i++) {
        $string = Node $Block $at $Table.End
        if ($string -is [string]) { Note $Info $string }
        if ($null -eq $string -or $string -is [string]) { break }
        $at = $string.End
        $slot = $Slots[[string]$string.Name]
        if ($null -eq $slot -or $null -ne $values[$slot]) { continue }
        $length = ToNul $Block $string.Value $string.End
        if (($string.Value + $length + $Block.Unit) -gt $string.End -and $string.Announced -gt $string.End) {
            Note $Info ("the string `"$($string.Name)`" is cut at " + (HexText $string.End) + ' of the version block')
            continue
        }
        $values[$slot] = Quoted (TextOf $Block $string.Value $length $page)
    }
    if ($null -ne $values[5]) { $values[2] = $null }
    $json = '{"key":' + (Quoted $Table.Name)
    for ($slot = 0; $slot -lt 5; $slot++) {
        if ($null -ne $values[$slot]) { $json += ',"' + $MemberNames[$slot] + '":' + $values[$slot] }
    }
    [void]$Info.Tables.Add($json + '}')
    if ($null -eq $values[5]) { [void]$Info.Originals.Add('null') } else { [void]$Info.Originals.Add($values[5]) }
}

# ---- one file ----

# The facts in its header, with Info, or with Damaged: why its version resource cannot be read.
function ReadVersion($Header) {
    switch ($Header.Format) {
        'pe' { $leaves = PeLeaves $Header }
        'ne' { $leaves = NeLeaves $Header }
        default { $leaves = LeLeaves $Header }
    }
    if ($null -eq $leaves) { $leaves = @() }
    $info = @{ Fixed = $null; Product = $null; Damage = $null
        Tables = (New-Object Collections.ArrayList); Originals = (New-Object Collections.ArrayList) }
    $failure = $null
    $found = $false
    foreach ($leaf in $leaves) {
        $want = [int][Math]::Min($leaf[1], [long]$MaxPiece)
        $piece = UpTo $leaf[0] $want
        $bytes = New-Object byte[] $piece[1]
        if ($piece[1]) { [Array]::Copy($buf, $piece[0], $bytes, 0, $piece[1]) }
        $why = ParseBlock $bytes $want $info
        if ($null -eq $why) { $found = $true }
        elseif (-not $failure) { $failure = 'version block at offset ' + (HexText $leaf[0]) + ": $why" }
    }
    $lost = $null
    if (($found -or -not $failure) -and $Header.Format -eq 'pe') { $lost = LostSections $Header }
    if ($null -ne $lost) { $Header.Damaged = $lost }
    elseif ($found) {
        if (-not $info.Damage) { $info.Damage = $failure }
        $Header.Info = $info
    }
    elseif ($failure) { $Header.Damaged = $failure }
}
# For a packed file or cabinet: the members of its record; $null for another file. It is not unpacked here.
function PackedMembers {
    if ($bufCount -ge 4 -and [Text.Encoding]::ASCII.GetString($buf, 0, 4) -ceq 'MSCF') {
        return ',"packed":{},"error":{"packed":{"cabinet":{"unsupported-method":{"method":"a method that the script does not know"}}}}'
    }
    if ($bufCount -lt 8) { return $null }
    $head = [BitConverter]::ToString($buf, 0, 8)
    switch ($head) {
        '53-5A-44-44-88-F0-27-33' { $what = 'SZDD header' }
        '53-5A-20-88-F0-27-33-D1' { $what = 'SZDD header' }
        '4B-57-41-4A-88-F0-27-D1' { $what = 'KWAJ header' }
        default { return $null }
    }
    if ($bufCount -lt 12 -or ($bufCount -lt 14 -and $head -ne '53-5A-20-88-F0-27-33-D1')) {
        return ",`"packed`":{},`"error`":{`"packed`":{`"truncated`":{`"what`":`"$what`",`"offset`":8}}}"
    }
    if ($head -eq '53-5A-44-44-88-F0-27-33' -and $buf[8] -eq 65) {
        $letter = [string][char]$buf[9]
        $hint = '"none"'
        if ($letter -cmatch '^[!-~]$' -and $letter -cnotmatch '[/\\:*?"<>|]') { $hint = '{"last-letter":' + (Quoted $letter) + '}' }
        return ",`"packed`":{`"hint`":$hint},`"error`":`"not-told`""
    }
    return ",`"packed`":{},`"error`":{`"packed`":{`"unsupported-method`":{`"method`":$(U16 8)}}}"
}
# The members of the record after size and time.
function FileMembers {
    $script:fault = $null
    try {
        Fill 0 $WindowBytes
        if ($bufCount -eq 0) { return ',"error":"empty"' }
        if ($bufCount -lt 2 -or $buf[0] -ne 0x4D -or $buf[1] -ne 0x5A) {
            $packed = PackedMembers
            if ($packed) { return $packed }
            return ',"error":"not-executable"'
        }
        $header = ReadHeader
        $header.Info = $null
        $header.Damaged = $null
        try { ReadVersion $header }
        catch {
            if (-not $fault -or $fault.Kind -eq 'io') { throw }
            $header.Damaged = $fault.Text
        }
    }
    catch {
        # Any other error is reported, not hidden.
        if (-not $fault) { return ',"error":{"io":' + (Quoted ("the script failed: " + $_.Exception.Message)) + '}' }
        if ($fault.Kind -eq 'io') { $script:unreadable++ }
        return ',"error":' + $fault.Json
    }
    $machine = MachineOf $header.Format $header.Raw
    $json = ''
    if ($header.Format -ne 'pe') { $json += ",`"format`":`"$($header.Format)`"" }
    if ($machine) { $json += ",`"machine`":`"$machine`"" }
    if ($header.Raw -ne (UsualField $header.Format $machine)) { $json += ",`"machine_raw`":$($header.Raw)" }
    if ($header.Built) { $json += ",`"built`":$($header.Built)" }
    if ($header.Checksum) { $json += ",`"checksum`":$($header.Checksum)" }
    if ($header.Info) { $json += VersionMembers $header.Info }
    elseif ($header.Damaged) { $json += ',"corrupt":' + (Quoted $header.Damaged) }
    return $json
}
# Each distinct version block is written once; the file has its index and its original names.
function VersionMembers($Info) {
    $parts = @()
    if ($Info.Fixed) { $parts += "`"fixed_file`":`"$($Info.Fixed)`",`"fixed_product`":`"$($Info.Product)`"" }
    if ($Info.Tables.Count) { $parts += '"tables":[' + [string]::Join(',', [string[]]$Info.Tables.ToArray()) + ']' }
    if ($Info.Damage) { $parts += '"damage":' + (Quoted $Info.Damage) }
    $json = '{' + [string]::Join(',', [string[]]$parts) + '}'
    if (-not $versionPlaces.ContainsKey($json)) {
        $versionPlaces.Add($json, $versions.Count)
        [void]$versions.Add($json)
    }
    $members = ",`"version`":$($versionPlaces[$json])"
    if ($Info.Originals.Count -eq 0) { return $members }
    $same = $true
    foreach ($name in $Info.Originals) { if ($name -cne $Info.Originals[0]) { $same = $false } }
    if (-not $same) { return $members + ',"originals":[' + [string]::Join(',', [string[]]$Info.Originals.ToArray()) + ']' }
    if ($Info.Originals[0] -ceq 'null') { return $members }
    return $members + ',"original":' + $Info.Originals[0]
}

# ---- the walk ----

function WriteLine([string]$Text) { $writer.Write($Text + "`n") }
function TreeMember([int]$Tree) { if ($Tree) { return "`"tree`":$Tree," } else { return '' } }
function Problem([int]$Tree, [string]$Relative, [string]$What) {
    [void]$problems.Add('{' + (TreeMember $Tree) + (PathMembers $Relative) + ',"what":' + (Quoted $What) + '}')
}
function RecordFile([int]$Tree, $File, [string]$Relative) {
    $script:filesSeen++
    # The registry of a system that does not run is in files that this script does not read.
    if ($File.Name -eq 'software' -and $File.DirectoryName -match '(^|\\)System32\\config$' -and
        $File.DirectoryName -ne (Join-Path ([Environment]::SystemDirectory) 'config')) {
        Problem $Tree ($Relative -replace '/?[^/]*$', '') 'the registry of a system that does not run: the script does not read hives'
    }
    $line = '{' + (TreeMember $Tree) + (PathMembers $Relative)
    $script:stream = $null
    $members = ''
    try {
        $script:size = $File.Length
        try {
            $script:stream = [IO.File]::Open($File.FullName, 'Open', 'Read', 'ReadWrite, Delete')
            $script:size = $stream.Length
        }
        catch {
            $script:unreadable++
            $members = ',"error":{"io":' + (Quoted ((ReadError $_) -replace '^cannot be read', 'cannot be opened')) + '}'
        }
        if ($stream) { $members = FileMembers }
        # For a file with several names, the entry in the folder may be out of date: the file itself is read.
        $ticks = [IO.File]::GetLastWriteTimeUtc($File.FullName).Ticks - $Unix
        $line += ",`"size`":$size"
        if ($ticks -gt -$Unix + [long]504911232000000000) { $line += ",`"modified`":$([long](($ticks - (($ticks % 10000000) + 10000000) % 10000000) / 10000000))" }
    }
    catch {
        $script:unreadable++
        $members = ',"error":{"io":' + (Quoted (ReadError $_)) + '}'
    }
    if ($stream) { $stream.Close() }
    if ($recorded) { $line = ',' + $line }
    $script:recorded++
    WriteLine ($line + $members + '}')
}
# A name that sorts by code units as the name sorts by the bytes of UTF-8: surrogates come after U+FFFF.
function SortKey([string]$Name) {
    if ($Name -cnotmatch '[\uD800-\uFFFF]') { return $Name }
    $key = New-Object Text.StringBuilder
    foreach ($c in $Name.ToCharArray()) {
        $code = [int]$c
        if ($code -ge 0xE000) { $code -= 0x800 }
        elseif ($code -ge 0xD800) { $code += 0x2000 }
        [void]$key.Append([char]$code)
    }
    return $key.ToString()
}
# Names in the order of bytes; a folder's name is compared with a / after it.
function Walk([int]$Tree, [string]$Path, [string]$Relative) {
    try { $items = (New-Object IO.DirectoryInfo $Path).GetFileSystemInfos() }
    catch {
        $what = (ReadError $_) -replace '^cannot be read', 'cannot be listed'
        Problem $Tree $Relative $what
        return
    }
    $names = New-Object string[] $items.Length
    for ($i = 0; $i -lt $items.Length; $i++) {
        $names[$i] = SortKey $items[$i].Name
        if ($items[$i] -is [IO.DirectoryInfo]) { $names[$i] += '/' }
    }
    [Array]::Sort($names, $items, [StringComparer]::Ordinal)
    $prefix = ''
    if ($Relative) { $prefix = $Relative + '/' }
    foreach ($item in $items) {
        if ($item -is [IO.DirectoryInfo]) {
            # Links are not followed.
            if ($item.Attributes -band [IO.FileAttributes]::ReparsePoint) { $script:links++ }
            else { Walk $Tree $item.FullName ($prefix + $item.Name) }
        }
        else { RecordFile $Tree $item ($prefix + $item.Name) }
    }
}

# ---- the registry of the running Windows ----

function SystemProblem([string]$Source, [string]$What) {
    [void]$systemProblems.Add('{"source":' + (Quoted $Source) + ',"what":' + (Quoted $What) + '}')
}
# A key below HKEY_LOCAL_MACHINE; $null if it does not exist. A key that cannot be opened is a problem.
function OpenKey([string]$Path) {
    try { return [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($Path) }
    catch {
        SystemProblem $Path (ReadError $_)
        return $null
    }
}
# The value and its kind; Kind is $null if it does not exist, 'Failed' if it cannot be read.
function Value($Key, [string]$Path, [string]$Name) {
    try {
        $data = $Key.GetValue($Name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
        if ($null -eq $data) { return @{ Kind = $null; Data = $null } }
        return @{ Kind = [string]$Key.GetValueKind($Name); Data = $data }
    }
    catch {
        SystemProblem "$Path\$Name" (ReadError $_)
        return @{ Kind = 'Failed'; Data = $null }
    }
}
function Fact([string]$Json, [string]$Path, [string]$Name) { return '{"value":' + $Json + ',"source":' + (Quoted "$Path\$Name") + '}' }
function IsText($Value) { return $Value.Kind -eq 'String' -or $Value.Kind -eq 'ExpandString' }
function Number($Value) { return [long]$Value.Data -band [long]4294967295 }
function TextFact($Key, [string]$Path, [string]$Name) {
    if ($null -eq $Key) { return 'null' }
    $value = Value $Key $Path $Name
    if (IsText $value) { return Fact (Quoted (([string]$value.Data).Split([char]0)[0])) $Path $Name }
    if ($null -ne $value.Kind -and $value.Kind -ne 'Failed') { SystemProblem "$Path\$Name" 'its data is not of the expected type' }
    return 'null'
}
function NumberFact($Key, [string]$Path, [string]$Name) {
    if ($null -eq $Key) { return 'null' }
    $value = Value $Key $Path $Name
    if ($value.Kind -eq 'DWord') { return Fact ([string](Number $value)) $Path $Name }
    if ($null -ne $value.Kind -and $value.Kind -ne 'Failed') { SystemProblem "$Path\$Name" 'its data is not of the expected type' }
    return 'null'
}
function KbId([string]$Name) {
    if ($Name -notmatch '^(Q|KB)([0-9]{1,8})(?![0-9\p{L}])') { return 'null' }
    $number = [long]$Matches[2]
    if ($number -lt 1000) { return 'null' }
    if ($number -lt 400000) { return "`"Q$number`"" }
    return "`"KB$number`""
}
function FirstText($Key, [string]$Path, [string[]]$Names) {
    foreach ($name in $Names) {
        $value = Value $Key $Path $name
        if ((IsText $value) -and ([string]$value.Data).Trim()) { return Quoted ([string]$value.Data) }
    }
    return 'null'
}
function FileOf($Key, [string]$Path) {
    $name = FirstText $Key $Path @('FileName', 'File Name', 'New File')
    if ($name -eq 'null') { return $null }
    return '{"name":' + $name + ',"version":' + (FirstText $Key $Path @('Version', 'File Version')) +
        ',"location":' + (FirstText $Key $Path @('Location')) + '}'
}
function Subkeys($Key, [string]$Path) {
    try { $names = $Key.GetSubKeyNames() }
    catch {
        SystemProblem $Path (ReadError $_)
        return
    }
    foreach ($name in $names) {
        try { $below = $Key.OpenSubKey($name) }
        catch {
            SystemProblem "$Path\$name" (ReadError $_)
            continue
        }
        if ($null -ne $below) { @{ Name = $name; Key = $below; Path = "$Path\$name" } }
    }
}
function Files($Key, [string]$Path) {
    $files = @()
    foreach ($below in @(Subkeys $Key $Path)) {
        if ($below.Name -eq 'Filelist') { foreach ($file in @(Subkeys $below.Key $below.Path)) { $files += FileOf $file.Key $file.Path } }
        elseif ($below.Name -like 'File*') { $files += FileOf $below.Key $below.Path }
    }
    return '[' + [string]::Join(',', [string[]]@($files | Where-Object { $_ })) + ']'
}
function AddUpdate($Update, [string]$List, [string]$State, [string]$Id, [string[]]$Descriptions, [string[]]$Dates, [bool]$WithFiles) {
    $description = 'null'
    $date = 'null'
    $files = '[]'
    if ($WithFiles) {
        $description = FirstText $Update.Key $Update.Path $Descriptions
        $date = FirstText $Update.Key $Update.Path $Dates
        $files = Files $Update.Key $Update.Path
    }
    [void]$updates.Add("{`"id`":$Id,`"name`":" + (Quoted $Update.Name) + ',"source":' + (Quoted $Update.Path) +
        ",`"list`":`"$List`",`"state`":$State,`"description`":$description,`"installed_on`":$date,`"files`":$files}")
}
# The state for a number.
function StateOf($Update, [string]$Name, $Known) {
    $value = Value $Update.Key $Update.Path $Name
    if ($value.Kind -eq 'Failed') { return '"unreadable"' }
    if ($value.Kind -eq 'DWord') { $number = Number $value }
    elseif ((IsText $value) -and ([string]$value.Data) -match '^\s*[0-9]{1,9}\s*$') { $number = [long]([string]$value.Data).Trim() }
    else { return '"listed"' }
    $text = [string]$number
    if ($Known.ContainsKey($text)) { return '"' + $Known[$text] + '"' }
    return "{`"other`":$number}"
}
$InstalledStates = @{ '0' = 'not-installed'; '1' = 'installed' }
$PackageStates = @{ '112' = 'installed'; '128' = 'installed'; '80' = 'superseded'; '0' = 'not-installed'; '5' = 'not-installed'
    '16' = 'not-installed'; '32' = 'not-installed'; '48' = 'not-installed'; '64' = 'not-installed'; '96' = 'not-installed'
    '101' = 'not-installed' }
function ListWindowsNt([string]$Path) {
    $list = OpenKey $Path
    if ($null -eq $list) { return }
    foreach ($update in @(Subkeys $list $Path)) {
        AddUpdate $update 'windows-nt' (StateOf $update 'Installed' $InstalledStates) (KbId $update.Name) `
            @('Fix Description', 'Comments', 'Description') @('Installed On', 'InstalledDate') $true
    }
}
function ListFolder($Key, [string]$Path, [int]$Depth) {
    foreach ($update in @(Subkeys $Key $Path)) {
        $id = KbId $update.Name
        if ($id -eq 'null' -and -not ($Depth -gt 1 -and $update.Key.ValueCount)) {
            if ($Depth -lt 4) { ListFolder $update.Key $update.Path ($Depth + 1) }
            continue
        }
        $state = '"listed"'
        $said = FirstText $update.Key $update.Path @('ThisVersionInstalled')
        if ($said -eq '"Y"') { $state = '"installed"' }
        if ($said -eq '"N"') { $state = '"not-installed"' }
        AddUpdate $update 'updates' $state $id @('Description', 'PackageName') @('InstalledDate') $true
    }
}
function ListPackages([string]$Path) {
    $list = OpenKey $Path
    if ($null -eq $list) { return }
    $parts = @()
    $whole = @{}
    foreach ($update in @(Subkeys $list $Path)) {
        if ($update.Name -notmatch '^Package_(?:([0-9]*)_)?for_(.*)$') { continue }
        $number = $Matches[1]
        $id = KbId $Matches[2]
        if ($number) {
            $parts += ,@($update, $id)
            continue
        }
        $whole[$id] = $true
        AddUpdate $update 'servicing' (StateOf $update 'CurrentState' $PackageStates) $id @() @() $false
    }
    # The parts of updates that have no whole package.
    foreach ($part in $parts) {
        if ($part[1] -ne 'null' -and $whole.ContainsKey($part[1])) { continue }
        AddUpdate $part[0] 'servicing' (StateOf $part[0] 'CurrentState' $PackageStates) $part[1] @() @() $false
    }
}
function Renames($Key, [string]$Path) {
    if ($null -eq $Key) { return 'null' }
    $value = Value $Key $Path 'PendingFileRenameOperations'
    if ($value.Kind -ne 'MultiString') { return 'null' }
    $texts = [string[]]$value.Data
    $pairs = @()
    for ($i = 0; $i -lt $texts.Length -and $pairs.Count -lt 16384; $i += 2) {
        if (-not $texts[$i]) { continue }
        $to = ''
        if (($i + 1) -lt $texts.Length) { $to = $texts[$i + 1] }
        $replace = $to.StartsWith('!')
        if ($replace) { $to = $to.Substring(1) }
        $from = $texts[$i] -replace '^\\\?\?\\', ''
        $shown = 'null'
        if ($to) { $shown = Quoted ($to -replace '^\\\?\?\\', '') }
        $pairs += '{"from":' + (Quoted $from) + ',"to":' + $shown + ',"replace":' + ([string]$replace).ToLowerInvariant() + '}'
    }
    return Fact ('[' + [string]::Join(',', [string[]]$pairs) + ']') $Path 'PendingFileRenameOperations'
}
# The facts of the registry, if the tree contains the running Windows; otherwise $null.
function RunningSystem([int]$Tree, [string]$Root) {
    $folder = Join-Path ([Environment]::SystemDirectory) 'config'
    $root = $Root.TrimEnd('\')
    if (-not ($folder + '\').StartsWith($root + '\', [StringComparison]::OrdinalIgnoreCase)) { return $null }
    $relative = $folder.Substring([Math]::Min($folder.Length, $root.Length + 1)).Replace('\', '/')
    $path = "SOFTWARE\$Nt"
    $key = OpenKey $path
    $release = 'null'
    $build = 'null'
    $numbers = 'null'
    $csd = 'null'
    if ($null -ne $key) {
        $release = TextFact $key $path 'DisplayVersion'
        if ($release -eq 'null') { $release = TextFact $key $path 'ReleaseId' }
        foreach ($name in 'CurrentBuildNumber', 'CurrentBuild') {
            $value = Value $key $path $name
            if ($build -eq 'null' -and (IsText $value) -and ([string]$value.Data) -match '^\s*[0-9]{1,9}\s*$') {
                $build = Fact ([string][long]([string]$value.Data).Trim()) $path $name
            }
        }
        $major = Value $key $path 'CurrentMajorVersionNumber'
        $minor = Value $key $path 'CurrentMinorVersionNumber'
        if ($major.Kind -eq 'DWord' -and $minor.Kind -eq 'DWord') {
            $numbers = Fact "[$(Number $major),$(Number $minor)]" $path 'CurrentMajorVersionNumber'
        }
        $csd = TextFact $key $path 'CSDVersion'
        if ($csd -eq 'null' -and $null -eq (Value $key $path 'CSDVersion').Kind) { $csd = Fact '""' $path 'CSDVersion' }
    }
    else { SystemProblem 'SOFTWARE' "there is no $Nt" }
    $control = $null
    $select = OpenKey 'SYSTEM\Select'
    if ($null -ne $select) {
        $current = Value $select 'SYSTEM\Select' 'Current'
        if ($current.Kind -eq 'DWord') { $control = 'SYSTEM\ControlSet{0:d3}\Control' -f [int](Number $current) }
    }
    $product = $null
    $windows = $null
    $session = $null
    $environment = $null
    if ($control) {
        $product = OpenKey "$control\ProductOptions"
        $windows = OpenKey "$control\Windows"
        $session = OpenKey "$control\Session Manager"
        $environment = OpenKey "$control\Session Manager\Environment"
    }
    else { SystemProblem 'SYSTEM' 'there is no Select\Current: the control set is not known' }
    $suite = 'null'
    if ($null -ne $product) {
        $value = Value $product "$control\ProductOptions" 'ProductSuite'
        $names = $null
        if ($null -eq $value.Kind) { $names = @() }
        elseif ($value.Kind -eq 'MultiString') { $names = @([string[]]$value.Data | Where-Object { $_ } | ForEach-Object { Quoted $_ }) }
        elseif (IsText $value) { $names = @(Quoted ([string]$value.Data)) }
        if ($null -ne $names) { $suite = Fact ('[' + [string]::Join(',', [string[]]$names) + ']') "$control\ProductOptions" 'ProductSuite' }
    }
    $facts = '"product_name":' + (TextFact $key $path 'ProductName') + ',"current_version":' + (TextFact $key $path 'CurrentVersion') +
        ",`"version_numbers`":$numbers,`"build`":$build,`"revision`":" + (NumberFact $key $path 'UBR') + ",`"release_id`":$release" +
        ',"current_type":' + (TextFact $key $path 'CurrentType') + ',"install_date":' + (NumberFact $key $path 'InstallDate') +
        ",`"csd_version`":$csd,`"product_type`":" + (TextFact $product "$control\ProductOptions" 'ProductType') + ",`"product_suite`":$suite" +
        ',"control_csd_version":' + (NumberFact $windows "$control\Windows" 'CSDVersion') +
        ',"processor_architecture":' + (TextFact $environment "$control\Session Manager\Environment" 'PROCESSOR_ARCHITECTURE') +
        ',"pending_renames":' + (Renames $session "$control\Session Manager")
    foreach ($view in '', 'Wow6432Node\') {
        ListWindowsNt "SOFTWARE\$view$Nt\HotFix"
        $list = OpenKey "SOFTWARE\${view}Microsoft\Updates"
        if ($null -ne $list) { ListFolder $list "SOFTWARE\${view}Microsoft\Updates" 1 }
    }
    ListPackages 'SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages'
    return '{' + (TreeMember $Tree) + (PathMembers $relative) + ',"hives":[' +
        '{"hive":"software","unfinished":false,"wrong_checksum":false,"truncated":false},' +
        '{"hive":"system","unfinished":false,"wrong_checksum":false,"truncated":false}],"facts":{' + $facts + '},"hotfixes":[' +
        [string]::Join(",`n", [string[]]$updates.ToArray()) + '],"problems":[' + [string]::Join(',', [string[]]$systemProblems.ToArray()) + ']}'
}

# ---- the snapshot ----

$begun = $false
# In PowerShell 2.0, a script of -File that throws ends with exit code 0.
trap {
    [Console]::Error.WriteLine('hfcollect.ps1: ' + $_.Exception.Message)
    # An incomplete snapshot must not stay: the disk may be full.
    if ($begun) {
        try { $writer.Close() } catch { }
        try { [IO.File]::Delete($target) } catch { }
    }
    exit 2
}
if ([IntPtr]::Size -eq 4 -and $env:PROCESSOR_ARCHITEW6432) {
    throw 'start the 64-bit PowerShell: a 32-bit one is shown another System32 and another registry'
}
if (-not $Folder) { $Folder = @($env:SystemRoot) }
$full = @()
foreach ($path in $Folder) {
    $resolved = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)
    if (-not [IO.Directory]::Exists($resolved)) { throw "there is no folder '$path'" }
    $full += $resolved
}
$ascii = New-Object Text.ASCIIEncoding
if ($Output) {
    $target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output)
    $writer = New-Object IO.StreamWriter $target, $false, $ascii
    $begun = $true
}
else { $writer = [Console]::Out }

$sections = $null
$flat = $false
$headerSize = [long]0
$filesSeen = 0
$recorded = 0
$unreadable = 0
$links = 0
$versionPlaces = New-Object 'System.Collections.Generic.Dictionary[string,int]'
$versions = New-Object Collections.ArrayList
$problems = New-Object Collections.ArrayList
$systemProblems = New-Object Collections.ArrayList
$updates = New-Object Collections.ArrayList

WriteLine '{'
WriteLine '"schema":"hotfixcheck.inventory/1",'
WriteLine "`"tool`":{`"name`":`"hfcollect.ps1`",`"version`":`"$Version`"},"
$trees = @($Folder | ForEach-Object { '{' + (PathMembers $_) + '}' })
WriteLine ('"trees":[' + [string]::Join(',', [string[]]$trees) + '],')
WriteLine '"coverage":null,'
WriteLine '"files":['
for ($tree = 0; $tree -lt $full.Length; $tree++) { Walk $tree $full[$tree] '' }
WriteLine '],'
WriteLine "`"files_seen`":$filesSeen,"
WriteLine ("`"versions`":[`n" + [string]::Join(",`n", [string[]]$versions.ToArray()) + '],')
WriteLine ("`"problems`":[" + [string]::Join(",`n", [string[]]$problems.ToArray()) + '],')
$system = $null
for ($tree = 0; $tree -lt $full.Length -and -not $system; $tree++) { $system = RunningSystem $tree $full[$tree] }
WriteLine ("`"systems`":[" + $system + ']')
WriteLine '}'
$writer.Flush()
if ($Output) {
    $writer.Close()
    Write-Host "hfcollect.ps1: $filesSeen files, $unreadable of them could not be read, $($problems.Count) folders could not be listed, $links links were not followed"
}
