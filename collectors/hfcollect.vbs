' hfcollect.vbs: records the facts of Windows files as a snapshot (hotfixcheck.inventory/1) for
' `hotfixcheck scan --inventory FILE`. For Windows with the Windows Script Host, on machines where no program may be
' copied.
'
'   cscript //nologo hfcollect.vbs /o:A:\HOST.JSON [FOLDER...]
'
' Without a folder it records the Windows folder; without /o: it writes to standard output. It only reads. The headers
' and version resources of PE, NE and LE files are read byte by byte with TextStream.
Option Explicit

Const VERSION = "0.1.0"
Const MAX_PIECE = 65536
Const WINDOW_BYTES = 4096
Const HIGH_BIT = 2147483648
Const HKLM = &H80000002
Const NT = "SOFTWARE\Microsoft\Windows NT\CurrentVersion"

Dim fso, shell, output, outputName, written, filesSeen, unreadable, links, recorded, versions, versionCount, versionLines, problems, tree, rootPath
Dim hasWide, wordMode, bias, hasBias
Dim stream, streamPath, streamAt, buf, bufAt, bufCount, fileSize, ioError
Dim fault, faultText, sectionCount, sections(1023, 3), flat, headerSize, resourcesAt, leafCount, leafAt(63), leafSize(63)
Dim infoFixed, infoProduct, infoTables, infoTableCount, infoDamage, infoOriginals, narrow, blockAt, blockCount
Dim format, machineRaw, built, checksum, headerAt, optionalAt, optionalSize, sectionsAnnounced, targetSystem
Dim resourceTable, residentNames, objectTable
Dim corruptText, hasVersion, isPacked, packedAs
Dim systemProblems, systemHotfixes, wmi
Dim isMissing
Dim nodeKey, nodeKeyLen, nodeValueLen, nodeValue, nodeEnd, nodeAnnounced, nodeError

Main

Sub Main
  Dim i, argument, trees, outName, list(63), count, text
  Set fso = CreateObject("Scripting.FileSystemObject")
  Set shell = CreateObject("WScript.Shell")
  If InStr(LCase(WScript.FullName), "cscript") = 0 Then
    WScript.Echo "Start this script with cscript: cscript //nologo hfcollect.vbs /o:FILE"
    WScript.Quit 2
  End If
  outName = ""
  count = 0
  For i = 0 To WScript.Arguments.Count - 1
    argument = WScript.Arguments(i)
    If LCase(Left(argument, 3)) = "/o:" Then
      outName = Mid(argument, 4)
    ElseIf Left(argument, 1) = "/" Or Left(argument, 1) = "-" Then
      Fail "usage: cscript //nologo hfcollect.vbs [/o:FILE] [FOLDER...]"
    ElseIf count = 64 Then
      Fail "more than 64 folders"
    Else
      list(count) = argument
      count = count + 1
    End If
  Next
  If count = 0 Then
    list(0) = fso.GetSpecialFolder(0).Path
    count = 1
  End If
  ' A 32-bit script host on 64-bit Windows sees another folder instead of System32.
  text = shell.ExpandEnvironmentStrings("%PROCESSOR_ARCHITEW6432%")
  If text <> "%PROCESSOR_ARCHITEW6432%" And text <> "" Then Fail "start the 64-bit cscript: %SystemRoot%\Sysnative\cscript.exe"
  ChooseReading
  ReadBias
  For i = 0 To count - 1
    If Not fso.FolderExists(list(i)) Then Fail "there is no folder '" & list(i) & "'"
  Next

  Set versions = CreateObject("Scripting.Dictionary")
  filesSeen = 0: unreadable = 0: links = 0: recorded = 0: versionCount = 0: problems = ""
  Set versionLines = CreateObject("Scripting.Dictionary")
  Set output = Nothing
  If outName <> "" Then OpenOutput outName
  Line "{"
  Line """schema"":""hotfixcheck.inventory/1"","
  Line """tool"":{""name"":""hfcollect.vbs"",""version"":""" & VERSION & """},"
  trees = ""
  For i = 0 To count - 1
    If i > 0 Then trees = trees & ","
    trees = trees & "{""path"":" & Quoted(list(i)) & "}"
  Next
  Line """trees"":[" & trees & "],"
  Line """coverage"":null,"
  Line """files"":["
  For i = 0 To count - 1
    tree = i
    rootPath = fso.GetFolder(list(i)).Path
    Walk fso.GetFolder(list(i)), ""
  Next
  Line "],"
  Line """files_seen"":" & filesSeen & ","
  Line """versions"":["
  For i = 0 To versionCount - 1
    text = versionLines.Item(i)
    If i < versionCount - 1 Then text = text & ","
    Line text
  Next
  Line "],"
  Line """problems"":[" & problems & "],"
  text = ""
  For i = 0 To count - 1
    argument = fso.GetFolder(list(i)).Path
    If text = "" Then text = System(argument, i)
  Next
  Line """systems"":[" & text & "]"
  Line "}"
  If Not output Is Nothing Then
    CloseOutput
    WScript.Echo "hfcollect.vbs: " & filesSeen & " files, " & unreadable & " of them could not be read, " & links & " links were not followed"
  End If
End Sub

Sub Fail(text)
  WScript.Echo "hfcollect.vbs: " & text
  WScript.Quit 2
End Sub
Sub OpenOutput(name)
  On Error Resume Next
  Err.Clear
  Set output = fso.CreateTextFile(name, True, False)
  If Err.Number <> 0 Then
    On Error Goto 0
    Fail "cannot write '" & name & "'"
  End If
  outputName = name
  written = 0
End Sub
' Not every system reports a full disk: the file must be as long as the text that was written.
Sub CloseOutput
  Dim size
  size = -1
  On Error Resume Next
  output.Close
  size = fso.GetFile(outputName).Size
  On Error Goto 0
  If size <> written Then CutOutput
End Sub
' An incomplete snapshot must not stay.
Sub CutOutput
  On Error Resume Next
  output.Close
  fso.DeleteFile outputName, True
  On Error Goto 0
  Fail "cannot write the whole snapshot to '" & outputName & "': is the disk full?"
End Sub
' All output is ASCII.
Sub Line(text)
  Dim failed
  If output Is Nothing Then
    WScript.Echo text
  Else
    On Error Resume Next
    Err.Clear
    output.Write text & vbCrLf
    failed = (Err.Number <> 0)
    On Error Goto 0
    If failed Then CutOutput
    written = written + Len(text) + 2
  End If
End Sub

' ---- texts ----

Function Hex4(number)
  Hex4 = "\u" & Right("000" & LCase(Hex(number)), 4)
End Function
' A character of JSON for its UTF-16 unit.
Function Unit(code)
  If code = 34 Or code = 92 Then
    Unit = "\" & Chr(code)
  ElseIf code >= 32 And code < 127 Then
    Unit = Chr(code)
  Else
    Unit = Hex4(code)
  End If
End Function
Function Quoted(text)
  Dim i, code, following, result
  result = """"
  For i = 1 To Len(text)
    code = UnitOf(text, i)
    If code >= 55296 And code < 57344 Then
      following = 0
      If i < Len(text) Then following = UnitOf(text, i + 1)
      If code < 56320 And following >= 56320 And following < 57344 Then
        result = result & Hex4(code) & Hex4(following)
        i = i + 1
      Else
        result = result & "\ufffd"
      End If
    Else
      result = result & Unit(code)
    End If
  Next
  Quoted = result & """"
End Function
Function UnitOf(text, at)
  Dim code
  If hasWide Then
    UnitOf = AscW(Mid(text, at, 1)) And &HFFFF&
  Else
    code = Asc(Mid(text, at, 1))
    ' Without AscW, characters beyond ASCII are not known.
    If code > 127 Or code < 0 Or Chr(code) <> Mid(text, at, 1) Then code = 65533
    UnitOf = code
  End If
End Function
Function HexText(number)
  Dim high
  high = Int(number / 65536)
  If high > 0 Then
    HexText = "0x" & LCase(Hex(high)) & Right("000" & LCase(Hex(number - high * 65536)), 4)
  Else
    HexText = "0x" & LCase(Hex(number))
  End If
End Function

' ---- bytes of files ----

' In a single-byte code page, a character is one byte; otherwise files are opened as Unicode, where it is two.
Sub ChooseReading
  Dim i, single, code
  On Error Resume Next
  Err.Clear
  hasWide = (AscW("A") = 65)
  If Err.Number <> 0 Then hasWide = False
  Err.Clear
  single = True
  For i = 0 To 255
    code = -1
    code = Asc(Chr(i))
    If Err.Number <> 0 Or code <> i Then single = False
    Err.Clear
  Next
  On Error Goto 0
  wordMode = Not single
  If wordMode And Not hasWide Then Fail "this script host cannot read bytes"
  ' The script host's own program must be recognised correctly.
  fault = ""
  ReadBinaryOf WScript.FullName, fso.GetFile(WScript.FullName).Size
  If fault <> "" Or Machine() = "" Then Fail "this script host does not read bytes as they are (" & fault & ")"
End Sub

Sub CloseStream
  On Error Resume Next
  Err.Clear
  If IsObject(stream) Then If Not stream Is Nothing Then stream.Close
  Set stream = Nothing
End Sub
' Opens a file for reading; returns the number of the error, or 0.
Function OpenStream(path)
  CloseStream
  On Error Resume Next
  Err.Clear
  If wordMode Then
    Set stream = fso.OpenTextFile(path, 1, False, -1)
  Else
    Set stream = fso.OpenTextFile(path, 1, False, 0)
  End If
  OpenStream = Err.Number
  streamPath = path
  streamAt = 0
End Function
' The bytes from an offset on, up to a full window. False if reading fails.
Function Fill(offset, count)
  Dim start, want, unitBytes, skipped, text
  Fill = True
  unitBytes = 1
  If wordMode Then unitBytes = 2
  start = offset
  If wordMode Then start = 2 * Int(offset / 2)
  want = count + (offset - start)
  If start + want > fileSize Then want = fileSize - start
  buf = ""
  bufAt = start
  bufCount = 0
  If want < unitBytes Then Exit Function
  If streamAt > start Then
    If OpenStream(streamPath) <> 0 Then
      ioError = True
      Fill = False
      Exit Function
    End If
  End If
  On Error Resume Next
  Err.Clear
  Do While streamAt < start
    skipped = start - streamAt
    If skipped > 262144 Then skipped = 262144
    text = stream.Read(skipped / unitBytes)
    If Err.Number <> 0 Or Len(text) = 0 Then Exit Do
    streamAt = streamAt + Len(text) * unitBytes
  Loop
  If Err.Number = 0 And streamAt = start Then
    buf = stream.Read(Int((want + unitBytes - 1) / unitBytes))
    If Err.Number = 0 Then
      bufCount = Len(buf) * unitBytes
      streamAt = start + bufCount
    End If
  End If
  ' In a file opened as Unicode, a last odd byte is not a character: this is not the end of the file before it.
  If Err.Number <> 0 Or (bufCount < want And want - bufCount >= unitBytes) Then
    ioError = True
    Fill = False
  End If
End Function
' Whether this many bytes are available; False with a fault if the file ends earlier.
Function Have(what, offset, count)
  Dim want
  Have = True
  If offset >= bufAt And offset + count <= bufAt + bufCount Then Exit Function
  want = count
  If want < WINDOW_BYTES Then want = WINDOW_BYTES
  If Not Fill(offset, want) Then
    SetFault "{""io"":""cannot be read""}", "unreadable: cannot be read"
    Have = False
  ElseIf offset + count > bufAt + bufCount And offset + count <= fileSize Then
    ' The last odd byte of a file that is read in words.
    ioError = True
    SetFault "{""io"":""cannot be read to its end""}", "unreadable: cannot be read to its end"
    Have = False
  ElseIf offset + count > bufAt + bufCount Then
    SetFault "{""truncated"":{""what"":""" & what & """,""offset"":" & Plain(offset) & ",""size"":" & Plain(fileSize) & "}}", _
      "truncated: " & what & " at offset " & HexText(offset) & " is after the end of the file (" & Plain(fileSize) & " bytes)"
    Have = False
  End If
End Function
Sub SetFault(asJson, asText)
  fault = asJson
  faultText = asText
End Sub
Function Corrupt(text)
  SetFault "{""corrupt"":" & Quoted(text) & "}", text
  Corrupt = False
End Function
Function NotPe(kind)
  SetFault "{""not-pe"":{""kind"":""" & kind & """}}", kind
  NotPe = False
End Function
' A whole number of up to 53 bits without an exponent.
Function Plain(number)
  Plain = FormatDigits(number)
End Function
Function FormatDigits(ByVal number)
  Dim high, sign
  sign = ""
  If number < 0 Then
    sign = "-"
    number = -number
  End If
  high = Int(number / 1000000)
  If high = 0 Then
    FormatDigits = sign & CStr(CLng(number))
  Else
    FormatDigits = sign & FormatDigits(high) & Right("00000" & CStr(CLng(number - high * 1000000)), 6)
  End If
End Function

Function B(at)
  Dim word
  If wordMode Then
    word = AscW(Mid(buf, Int((at - bufAt) / 2) + 1, 1)) And &HFFFF&
    If (at - bufAt) Mod 2 = 0 Then B = word And 255 Else B = word \ 256
  Else
    B = Asc(Mid(buf, at - bufAt + 1, 1))
  End If
End Function
Function W(at)
  W = B(at) + 256 * CLng(B(at + 1))
End Function
Function D(at)
  D = CDbl(W(at)) + 65536 * CDbl(W(at + 2))
End Function

' ---- headers ----


' The contents of the file; fault says why it is not a binary, corruptText what is wrong with its version resource.
Sub ReadBinaryOf(path, size)
  Dim failedWith
  fileSize = size
  buf = "": bufAt = 0: bufCount = 0: ioError = False: fault = "": corruptText = "": hasVersion = False: isPacked = False
  infoFixed = ""
  failedWith = OpenStream(path)
  If failedWith <> 0 Then
    fault = "{""io"":""cannot be opened (error " & failedWith & ")""}"
    Exit Sub
  End If
  If size = 0 Then
    fault = """empty"""
  ElseIf Not Fill(0, WINDOW_BYTES) Then
    fault = "{""io"":""cannot be read""}"
  ElseIf bufCount < 2 Then
    fault = """not-executable"""
  ElseIf W(0) <> &H5A4D Then
    fault = Packed()
    isPacked = (fault <> "")
    If Not isPacked Then fault = """not-executable"""
  ElseIf ReadHeader() Then
    If Not ReadVersion() Then
      If ioError Then Exit Sub
      corruptText = faultText
      fault = ""
    End If
  End If
End Sub
' Packed files and cabinets are reported as such: this script does not unpack them. The original name in the header of
' an SZDD file is recorded.
Function Packed
  Dim what, isBasic
  Packed = ""
  packedAs = "{}"
  If bufCount >= 4 Then If W(0) = &H534D And W(2) = &H4643 Then Packed = "{""packed"":{""cabinet"":{""unsupported-method"":{""method"":""a method that the script does not know""}}}}"
  If bufCount < 8 Then Exit Function
  what = ""
  If W(0) = &H5A53 And W(2) = &H4444 And W(4) = 61576 And W(6) = &H3327 Then what = "SZDD header"
  isBasic = (W(0) = &H5A53 And W(2) = 34848 And W(4) = &H27F0 And W(6) = 53555)
  If isBasic Then what = "SZDD header"
  If W(0) = &H574B And W(2) = &H4A41 And W(4) = 61576 And W(6) = 53543 Then what = "KWAJ header"
  If what = "" Then Exit Function
  If bufCount < 12 Or (bufCount < 14 And Not isBasic) Then
    Packed = "{""packed"":{""truncated"":{""what"":""" & what & """,""offset"":8}}}"
  ElseIf W(2) = &H4444 And B(8) = 65 Then
    Packed = """not-told"""
    packedAs = "{""hint"":""none""}"
    If B(9) > 32 And B(9) < 127 Then If InStr("/\:*?""<>|", Chr(B(9))) = 0 Then packedAs = "{""hint"":{""last-letter"":""" & Chr(B(9)) & """}}"
  Else
    Packed = "{""packed"":{""unsupported-method"":{""method"":" & B(8) & "}}}"
  End If
End Function

' Every program has a length: a file with MZ and zeros is damaged.
Sub PlainDos(pages)
  If pages = 0 Then
    Corrupt "the DOS header gives a length of zero"
  Else
    NotPe "DOS program"
  End If
End Sub

Function ReadHeader
  Dim start, hasNew, signature, second, pages
  ReadHeader = False
  If Not Have("DOS header", 0, 64) Then Exit Function
  hasNew = W(24) >= &H40
  start = D(60)
  pages = W(4)
  If start = 0 Then
    PlainDos pages
    Exit Function
  End If
  If Not Have("PE header", start, 4) Then
    If Not hasNew And Not ioError Then PlainDos pages
    Exit Function
  End If
  signature = W(start)
  second = W(start + 2)
  headerAt = start
  built = 0: checksum = 0
  If signature = &H4550 And second = 0 Then
    ReadHeader = PeHeader(start)
  ElseIf signature = &H454E Then
    format = "ne": machineRaw = 0
    If Not Have("NE header", start, 64) Then Exit Function
    resourceTable = W(start + &H24)
    residentNames = W(start + &H26)
    targetSystem = B(start + &H36)
    ReadHeader = True
  ElseIf signature = &H454C Or signature = &H584C Then
    If Not Have("LE header", start, 68) Then Exit Function
    If W(start + 2) <> 0 Then
      NotPe "big-endian LE"
      Exit Function
    End If
    format = "le"
    If signature = &H584C Then format = "lx"
    machineRaw = W(start + 8)
    targetSystem = W(start + 10)
    objectTable = D(start + &H40)
    ReadHeader = True
  ElseIf signature = &H3357 Or signature = &H3457 Then
    NotPe "library of virtual device drivers"
  ElseIf hasNew Then
    Corrupt "no PE signature at offset " & HexText(start) & ", where the DOS header points"
  Else
    PlainDos pages
  End If
End Function
Function PeHeader(start)
  PeHeader = False
  If Not Have("PE header", start, 24) Then Exit Function
  format = "pe"
  machineRaw = W(start + 4)
  sectionsAnnounced = W(start + 6)
  built = D(start + 8)
  optionalSize = W(start + 20)
  optionalAt = start + 24
  If optionalSize >= 68 Then
    If Not Have("optional header", optionalAt, 68) Then Exit Function
    checksum = D(optionalAt + 64)
  End If
  PeHeader = True
End Function

' The name of the machine; "" if it is not known.
Function Machine
  Machine = ""
  If format = "ne" Then
    Machine = "i386"
  ElseIf format <> "pe" Then
    If machineRaw >= 1 And machineRaw <= 4 Then Machine = "i386"
    If machineRaw >= &H40 And machineRaw <= &H42 Then Machine = "mips"
  Else
    Select Case machineRaw
      Case &H14C: Machine = "i386"
      Case &H184, &H284: Machine = "alpha"
      Case &H162, &H166, &H168, &H169: Machine = "mips"
      Case &H1F0, &H1F1: Machine = "ppc"
      Case &H200: Machine = "ia64"
      Case &H8664&: Machine = "x64"
      Case &H1C0, &H1C2, &H1C4: Machine = "arm"
      Case &HAA64&: Machine = "arm64"
    End Select
  End If
End Function
Function UsualField(name)
  UsualField = 0
  If format = "le" Or format = "lx" Then
    If name <> "" Then UsualField = 2
  ElseIf format = "pe" Then
    Select Case name
      Case "i386": UsualField = &H14C
      Case "alpha": UsualField = &H184
      Case "mips": UsualField = &H166
      Case "ppc": UsualField = &H1F0
      Case "ia64": UsualField = &H200
      Case "x64": UsualField = &H8664&
      Case "arm": UsualField = &H1C4
      Case "arm64": UsualField = &HAA64&
    End Select
  End If
End Function

' ---- the position of the version resource ----

Function ReadVersion
  Dim ok, i, want, held, failure, failed
  ReadVersion = False
  leafCount = 0
  sectionCount = -1
  resourcesAt = 0
  Select Case format
    Case "pe": ok = PeLeaves()
    Case "ne": ok = NeLeaves()
    Case Else: ok = LeLeaves()
  End Select
  If Not ok Then Exit Function
  infoFixed = "": infoProduct = "": infoTables = "": infoTableCount = 0: infoDamage = "": infoOriginals = ""
  failure = ""
  For i = 0 To leafCount - 1
    want = leafSize(i)
    If want > MAX_PIECE Then want = MAX_PIECE
    If leafAt(i) < bufAt Or leafAt(i) + want > bufAt + bufCount Then
      If want < WINDOW_BYTES Then held = WINDOW_BYTES Else held = want
      If Not Fill(leafAt(i), held) Then
        fault = "{""io"":""cannot be read""}"
        Exit Function
      End If
    End If
    held = bufAt + bufCount - leafAt(i)
    If held < 0 Then held = 0
    If held > want Then held = want
    failed = ParseBlock(leafAt(i), held, want)
    If failed = "" Then
      hasVersion = True
    ElseIf failure = "" Then
      failure = "version block at offset " & HexText(leafAt(i)) & ": " & failed
    End If
  Next
  If hasVersion Then
    If infoDamage = "" Then infoDamage = failure
  Else
    corruptText = failure
  End If
  ReadVersion = True
  If format <> "pe" Or corruptText <> "" Then Exit Function
  If Not WholeSections() Then
    hasVersion = False
    ReadVersion = False
  End If
End Function
' Whether the sections are in the file: Windows does not load a file that was cut off. The end of the last sector may be
' missing. Called for a file whose version was found, or that has none.
Function WholeSections
  Dim i, j, count, seen
  WholeSections = False
  If sectionCount < 0 Then If Not LoadSections() Then Exit Function
  For i = 0 To sectionCount - 1
    If Not flat And sections(i, 3) > 0 And sections(i, 1) > 0 And sections(i, 2) + sections(i, 1) >= fileSize + 512 Then
      SetFault "", "truncated: section at offset " & HexText(sections(i, 2)) & " is after the end of the file (" & Plain(fileSize) & " bytes)"
      Exit Function
    End If
  Next
  WholeSections = True
  ' Where there are resources, their directory was read: something is left of the contents.
  If resourcesAt > 0 Then Exit Function
  seen = False
  For i = 0 To sectionCount - 1
    count = sections(i, 1)
    If count > 512 Then count = 512
    If count > fileSize - sections(i, 2) Then count = fileSize - sections(i, 2)
    If sections(i, 3) > 0 And count > 0 Then
      If Not Have("section", sections(i, 2), count) Then
        WholeSections = False
        Exit Function
      End If
      seen = True
      For j = 0 To count - 1
        If B(sections(i, 2) + j) <> 0 Then Exit Function
      Next
    End If
  Next
  If seen Then WholeSections = Corrupt("every section of the file begins with zeros")
End Function

Function LoadSections
  Dim i, row, rounded, offset
  LoadSections = False
  sectionCount = 0
  If sectionsAnnounced > 1024 Then
    Corrupt sectionsAnnounced & " sections announced"
    Exit Function
  End If
  If Not Have("optional header", optionalAt, 64) Then Exit Function
  headerSize = D(optionalAt + 60)
  rounded = D(optionalAt + 36) >= 512
  ' Below the page size, sections are mapped in one piece.
  flat = D(optionalAt + 32) >= 1 And D(optionalAt + 32) < 4096
  row = optionalAt + optionalSize
  If Not Have("section table", row, sectionsAnnounced * 40) Then Exit Function
  For i = 0 To sectionsAnnounced - 1
    sections(i, 0) = D(row + 12)
    sections(i, 1) = D(row + 16)
    offset = D(row + 20)
    sections(i, 3) = offset
    If rounded Then offset = Int(offset / 512) * 512
    sections(i, 2) = offset
    row = row + 40
  Next
  sectionCount = sectionsAnnounced
  LoadSections = True
End Function
' The file offset of an address in the image; -1 if it is not in the file.
Function Place(address)
  Dim i, headersEnd
  Place = -1
  headersEnd = headerSize
  For i = 0 To sectionCount - 1
    If address >= sections(i, 0) And address - sections(i, 0) < sections(i, 1) Then
      Place = sections(i, 2) + address - sections(i, 0)
      Exit Function
    End If
    If i = 0 Then headersEnd = sections(0, 0)
    If sections(i, 0) < headersEnd Then headersEnd = sections(i, 0)
  Next
  If address < headersEnd Then Place = address
End Function

' The position of the entry with this name (-1: the first) in a directory; 0 if there is none, -1 for a fault.
Function Entry(start, name)
  Dim count, i
  Entry = -1
  If Not Have("resource directory", start, 16) Then Exit Function
  count = CLng(W(start + 12)) + W(start + 14)
  If count > 4096 Then
    Corrupt "the resource directory at " & HexText(start) & " announces " & count & " entries"
    Exit Function
  End If
  If Not Have("resource directory", start + 16, count * 8) Then Exit Function
  Entry = 0
  For i = 0 To count - 1
    If name = -1 Or D(start + 16 + 8 * i) = name Then
      Entry = start + 16 + 8 * i
      Exit Function
    End If
  Next
End Function
Function Below(root, at)
  Below = -1
  If D(at + 4) < HIGH_BIT Then
    Corrupt "the version resource's directory is not three levels deep"
  Else
    Below = root + D(at + 4) - HIGH_BIT
  End If
End Function
Function PeLeaves
  Dim magic, fixed, address, length, root, at, start, count, i
  PeLeaves = False
  If Not Have("optional header", optionalAt, 2) Then Exit Function
  magic = W(optionalAt)
  If magic = &H10B Then
    fixed = 96
  ElseIf magic = &H20B Then
    fixed = 112
  Else
    Corrupt "unknown optional header magic " & HexText(magic) & " at offset " & HexText(optionalAt)
    Exit Function
  End If
  If Not Have("optional header", optionalAt, fixed) Then Exit Function
  If D(optionalAt + fixed - 4) <= 2 Then
    PeLeaves = True
    Exit Function
  End If
  If Not Have("data directory", optionalAt + fixed + 16, 8) Then Exit Function
  address = D(optionalAt + fixed + 16)
  resourcesAt = address
  length = D(optionalAt + fixed + 20)
  If address = 0 Then
    PeLeaves = True
    Exit Function
  End If
  If Not LoadSections() Then Exit Function
  root = Place(address)
  If root = -1 Then
    Corrupt "the resource directory's address " & HexText(address) & " lies in no section of the file"
    Exit Function
  End If
  If length > 16 Then
    If Not Have("resource directory", root, 16) Then Exit Function
    ' Zeros where the header announces resources: a lost part of the file, not a file without a version.
    For i = 0 To 15
      If B(root + i) <> 0 Then Exit For
    Next
    If i = 16 Then
      Corrupt "the resource directory at " & HexText(root) & " is all zeros"
      Exit Function
    End If
  End If
  at = Entry(root, 16)
  If at <= 0 Then
    PeLeaves = (at = 0)
    Exit Function
  End If
  start = Below(root, at)
  If start = -1 Then Exit Function
  at = Entry(start, 1)
  If at = 0 Then at = Entry(start, -1)
  If at = 0 Then Corrupt "the version resource type has no name below it"
  If at <= 0 Then Exit Function
  start = Below(root, at)
  If start = -1 Then Exit Function
  at = Entry(start, -1)
  If at = 0 Then Corrupt "the version resource has no language below it"
  If at <= 0 Then Exit Function
  count = CLng(W(start + 12)) + W(start + 14)
  If count > 64 Then count = 64
  For i = 0 To count - 1
    leafAt(i) = D(start + 16 + 8 * i + 4)
  Next
  For i = 0 To count - 1
    If leafAt(i) >= HIGH_BIT Then
      Corrupt "the version resource has a directory below its language"
      Exit Function
    End If
    at = root + leafAt(i)
    If Not Have("resource data entry", at, 16) Then Exit Function
    address = D(at)
    leafSize(i) = D(at + 4)
    leafAt(i) = Place(address)
    If leafAt(i) = -1 Then
      Corrupt "the version block's address " & HexText(address) & " lies in no section of the file"
      Exit Function
    End If
  Next
  leafCount = count
  PeLeaves = True
End Function

Function NeLeaves
  Dim table, shift, at, steps, kind, count, i, row, isVersion, unreadFault, unreadText, unreadName
  NeLeaves = False
  table = headerAt + resourceTable
  If resourceTable = 0 Or resourceTable = residentNames Or targetSystem = 1 Then
    NeLeaves = True
    Exit Function
  End If
  If Not Have("resource table", table, 2) Then Exit Function
  shift = W(table)
  If shift > 15 Then
    Corrupt "the resource table at " & HexText(table) & " has an alignment shift of " & shift
    Exit Function
  End If
  at = table + 2
  unreadName = False
  For steps = 1 To 256
    If Not Have("resource table", at, 2) Then Exit Function
    kind = W(at)
    If kind = 0 Then
      If unreadName Then SetFault unreadFault, unreadText
      NeLeaves = Not unreadName
      Exit Function
    End If
    If Not Have("resource table", at, 8) Then Exit Function
    count = W(at + 2)
    If count > 4096 Then
      Corrupt "the resource type at " & HexText(at) & " announces " & count & " resources"
      Exit Function
    End If
    isVersion = (kind = 32784)
    If kind < 32768 Then
      isVersion = NamedVersion(table + kind)
      If fault <> "" Then
        If ioError Then Exit Function
        If Not unreadName Then
          unreadName = True
          unreadFault = fault: unreadText = faultText
        End If
        fault = ""
        isVersion = False
      End If
    End If
    If isVersion Then
      If Not Have("resource table", at + 8, count * 12) Then Exit Function
      If count = 0 Then
        Corrupt "the version resource type has no resource"
        Exit Function
      End If
      row = at + 8
      For i = 0 To count - 1
        If W(at + 8 + 12 * i + 6) = 32769 Then
          row = at + 8 + 12 * i
          Exit For
        End If
      Next
      leafCount = 1
      leafAt(0) = CDbl(W(row)) * 2 ^ shift
      leafSize(0) = CDbl(W(row + 2)) * 2 ^ shift
      NeLeaves = True
      Exit Function
    End If
    at = at + 8 + count * 12
  Next
  Corrupt "the resource table at " & HexText(table) & " has more than 256 types"
End Function
Function NamedVersion(at)
  Dim i
  NamedVersion = False
  If Not Have("resource type name", at, 1) Then Exit Function
  If B(at) <> 11 Then Exit Function
  If Not Have("resource type name", at + 1, 11) Then Exit Function
  For i = 1 To 11
    If UCase(Chr(B(at + i))) <> Mid("VERSIONINFO", i, 1) Then Exit Function
  Next
  NamedVersion = True
End Function

Function LeLeaves
  Dim offset, size, at, last, steps, first, second, kind, held
  LeLeaves = True
  If targetSystem = 1 Or (objectTable >= 1 And objectTable < &HC0) Then Exit Function
  LeLeaves = False
  If Not Have("LE header", headerAt + &HB8, 8) Then Exit Function
  offset = D(headerAt + &HB8)
  size = D(headerAt + &HBC)
  at = offset
  last = offset + size
  For steps = 1 To 64
    If offset = 0 Or size = 0 Or at + 12 > last Then
      LeLeaves = True
      Exit Function
    End If
    If at < bufAt Or at + 262 > bufAt + bufCount Then
      If Not Fill(at, WINDOW_BYTES) Then
        fault = "{""io"":""cannot be read""}"
        Exit Function
      End If
    End If
    held = bufAt + bufCount
    If held > at + 262 Then held = at + 262
    first = Ident(at, held)
    second = 0
    If first > 0 Then second = Ident(at + first, held)
    If second = 0 Or at + first + second + 6 > held Then
      If Have("resource header", at, 262) Then Corrupt "no resource header at " & HexText(at)
      Exit Function
    End If
    kind = -1
    If B(at) = 255 Then kind = W(at + 1)
    size = D(at + first + second + 2)
    at = at + first + second + 6
    If kind = 16 Then
      leafCount = 1
      leafAt(0) = at
      leafSize(0) = size
      LeLeaves = True
      Exit Function
    End If
    at = at + size
    size = 1
  Next
  Corrupt "more than 64 resources at " & HexText(offset)
End Function
' The length of a type or name, by number or as a text; 0 if it is incomplete.
Function Ident(at, last)
  Dim i
  Ident = 0
  If at >= last Then Exit Function
  If B(at) = 255 Then
    If at + 3 <= last Then Ident = 3
    Exit Function
  End If
  For i = 0 To 127
    If at + i >= last Then Exit Function
    If B(at + i) = 0 Then
      Ident = i + 1
      Exit Function
    End If
  Next
End Function

' ---- version blocks ----

Function Aligned(at)
  Aligned = 4 * Int((at + 3) / 4)
End Function
' 1: the node at a position in the block, of a parent with this end; 0: none; -1: nodeError has the problem.
Function Node(ByVal at, last)
  Dim head, size, i, own, unitBytes, start
  Node = 0
  head = 6: unitBytes = 2
  If narrow Then head = 4: unitBytes = 1
  at = Aligned(at)
  If last > blockCount Or at > last Or last - at < head Then Exit Function
  size = W(blockAt + at)
  If size = 0 Then
    i = at
    Do While i < last
      If B(blockAt + i) <> 0 Then Exit Do
      i = i + 1
    Loop
    If i = last Then Exit Function
  End If
  If size < head Then
    nodeError = "a node of " & size & " bytes at " & HexText(at) & " of the version block"
    Node = -1
    Exit Function
  End If
  own = size
  If own > last - at Then own = last - at
  nodeKey = at + head
  nodeEnd = at + own
  nodeKeyLen = ToNul(nodeKey, nodeEnd)
  nodeValue = Aligned(nodeKey + nodeKeyLen + unitBytes)
  If nodeValue > nodeEnd Then nodeValue = nodeEnd
  nodeValueLen = W(blockAt + at + 2)
  nodeAnnounced = at + size
  Node = 1
End Function
' The bytes before the first NUL, or all complete characters.
Function ToNul(start, last)
  Dim at, unitBytes
  unitBytes = 2
  If narrow Then unitBytes = 1
  at = start
  Do While at + unitBytes <= last
    If narrow Then
      If B(blockAt + at) = 0 Then Exit Do
    Else
      If W(blockAt + at) = 0 Then Exit Do
    End If
    at = at + unitBytes
  Loop
  ToNul = at - start
End Function
' The text of a key, only ASCII, for comparisons.
Function Ascii(start, length)
  Dim i, code, unitBytes
  unitBytes = 2
  If narrow Then unitBytes = 1
  Ascii = ""
  For i = 0 To length / unitBytes - 1
    If narrow Then code = B(blockAt + start + i) Else code = W(blockAt + start + 2 * i)
    If code > 126 Or code < 32 Or i > 40 Then
      Ascii = Ascii & "?"
      If i > 40 Then Exit Function
    Else
      Ascii = Ascii & Chr(code)
    End If
  Next
End Function
' A text of the block as JSON; "" if its code page is not known here.
Function BlockText(start, length, codePage)
  Dim i, code, following, result
  result = """"
  If narrow Then
    For i = 0 To length - 1
      code = B(blockAt + start + i)
      If code >= 128 Then
        If codePage <> 1252 Or code < 160 Then
          BlockText = ""
          Exit Function
        End If
      End If
      result = result & Unit(code)
    Next
  Else
    For i = 0 To length / 2 - 1
      code = W(blockAt + start + 2 * i)
      If code >= 55296 And code < 57344 Then
        following = 0
        If i < length / 2 - 1 Then following = W(blockAt + start + 2 * i + 2)
        If code < 56320 And following >= 56320 And following < 57344 Then
          result = result & Hex4(code) & Hex4(following)
          i = i + 1
        Else
          result = result & "\ufffd"
        End If
      Else
        result = result & Unit(code)
      End If
    Next
  End If
  BlockText = result & """"
End Function
Sub Note(text)
  If infoDamage = "" Then infoDamage = text
End Sub
Function CodePageOf(key)
  Dim i, digit, page
  CodePageOf = 1252
  If Len(key) < 8 Then Exit Function
  page = 0
  For i = 5 To 8
    digit = InStr("0123456789abcdef", LCase(Mid(key, i, 1)))
    If digit = 0 Then Exit Function
    page = page * 16 + digit - 1
  Next
  If InStr(" 866 874 932 936 949 950 1250 1251 1253 1254 1255 1256 1257 1258 10000 ", " " & page & " ") > 0 Then CodePageOf = page
End Function

' "", or why no part of the block can be used. Adds to a language that is already known.
Function ParseBlock(start, held, announced)
  Dim there, rootEnd, rootValue, at, i, wasCut, valueLength, childEnd, before
  ParseBlock = ""
  blockAt = start
  blockCount = held
  before = infoDamage
  narrow = False
  If held >= 8 Then
    narrow = (LCase(Ascii1(4)) = "v" And LCase(Ascii1(5)) = "s" And Ascii1(6) = "_" And LCase(Ascii1(7)) = "v")
  End If
  there = Node(0, held)
  If there < 0 Then
    ParseBlock = nodeError
    Exit Function
  End If
  If there > 0 Then If UCase(Ascii(nodeKey, nodeKeyLen)) <> "VS_VERSION_INFO" Then there = -1
  If there <= 0 Then
    If held < announced Then
      ParseBlock = "truncated: the file ends after " & held & " of its " & announced & " bytes"
    ElseIf there < 0 Then
      ParseBlock = "it begins with the key """ & Left(Ascii(nodeKey, nodeKeyLen), 32) & """ instead of ""VS_VERSION_INFO"""
    Else
      ParseBlock = "no node at its start (" & announced & " bytes by the resource's leaf)"
    End If
    Exit Function
  End If
  rootEnd = nodeEnd: rootValue = nodeValue: valueLength = nodeValueLen
  wasCut = nodeAnnounced > rootEnd + 3
  If wasCut Then Note "the version block is cut: " & rootEnd & " of " & nodeAnnounced & " bytes"
  at = rootValue + valueLength
  If HasFixed(rootValue, rootEnd) Then
    If infoFixed = "" Then
      infoFixed = Four(rootValue + 8)
      infoProduct = Four(rootValue + 16)
    End If
    If at < rootValue + 52 Then at = rootValue + 52
  ElseIf valueLength > 0 Then
    If wasCut Then
      infoDamage = before
      ParseBlock = "truncated before the end of its fixed information"
      Exit Function
    End If
    Note "no fixed information at " & HexText(rootValue) & " of the version block"
  End If
  For i = 1 To 16
    there = Node(at, rootEnd)
    If there < 0 Then Note nodeError
    If there <= 0 Then Exit For
    childEnd = nodeEnd
    If UCase(Ascii(nodeKey, nodeKeyLen)) = "STRINGFILEINFO" Then ParseTables nodeValue, childEnd
    at = childEnd
  Next
End Function
Function Ascii1(at)
  Dim code
  code = B(blockAt + at)
  If code > 126 Or code < 32 Then Ascii1 = "?" Else Ascii1 = Chr(code)
End Function
Function HasFixed(at, last)
  HasFixed = False
  If last - at >= 24 Then HasFixed = (W(blockAt + at) = &H4BD And W(blockAt + at + 2) = 65263)
End Function
Function Four(at)
  Four = W(blockAt + at + 2) & "." & W(blockAt + at) & "." & W(blockAt + at + 6) & "." & W(blockAt + at + 4)
End Function
Sub ParseTables(ByVal at, last)
  Dim there, tableEnd
  Do While infoTableCount < 256
    there = Node(at, last)
    If there < 0 Then Note nodeError
    If there <= 0 Then Exit Sub
    tableEnd = nodeEnd
    ParseTable nodeValue, tableEnd
    at = tableEnd
  Loop
End Sub
Sub ParseTable(ByVal at, last)
  Dim there, i, key, name, slot, values(5), length, page, text, unitBytes, json, members
  unitBytes = 2
  If narrow Then unitBytes = 1
  key = BlockText(nodeKey, nodeKeyLen, 1252)
  If key = "" Then key = """?"""
  page = CodePageOf(Ascii(nodeKey, nodeKeyLen))
  For slot = 0 To 5
    values(slot) = ""
  Next
  For i = 1 To 512
    there = Node(at, last)
    If there < 0 Then Note nodeError
    If there <= 0 Then Exit For
    at = nodeEnd
    slot = -1
    Select Case UCase(Ascii(nodeKey, nodeKeyLen))
      Case "FILEVERSION": slot = 0
      Case "PRODUCTVERSION": slot = 1
      Case "INTERNALNAME": slot = 2
      Case "PRODUCTNAME": slot = 3
      Case "COMPANYNAME": slot = 4
      Case "ORIGINALFILENAME": slot = 5
    End Select
    If slot >= 0 Then
      If values(slot) = "" Then
        length = ToNul(nodeValue, nodeEnd)
        If nodeValue + length + unitBytes > nodeEnd And nodeAnnounced > nodeEnd Then
          Note "the string """ & Ascii(nodeKey, nodeKeyLen) & """ is cut at " & HexText(nodeEnd) & " of the version block"
        Else
          text = BlockText(nodeValue, length, page)
          If text = "" Then
            Note "the string """ & Ascii(nodeKey, nodeKeyLen) & """ is in code page " & page & ", which the script does not read"
          Else
            values(slot) = text
          End If
        End If
      End If
    End If
  Next
  If values(5) <> "" Then values(2) = ""
  json = "{""key"":" & key
  members = Array("file_version", "product_version", "internal_name", "product_name", "company_name")
  For slot = 0 To 4
    If values(slot) <> "" Then json = json & ",""" & members(slot) & """:" & values(slot)
  Next
  If infoTableCount > 0 Then
    infoTables = infoTables & ","
    infoOriginals = infoOriginals & vbLf
  End If
  infoTables = infoTables & json & "}"
  If values(5) = "" Then infoOriginals = infoOriginals & "null" Else infoOriginals = infoOriginals & values(5)
  infoTableCount = infoTableCount + 1
End Sub

' The index of the version block; each distinct block is written once.
Function VersionPlace
  Dim json
  json = ""
  If infoFixed <> "" Then json = """fixed_file"":""" & infoFixed & """,""fixed_product"":""" & infoProduct & """"
  If infoTableCount > 0 Then
    If json <> "" Then json = json & ","
    json = json & """tables"":[" & infoTables & "]"
  End If
  If infoDamage <> "" Then
    If json <> "" Then json = json & ","
    json = json & """damage"":" & Quoted(infoDamage)
  End If
  json = "{" & json & "}"
  If Not versions.Exists(json) Then
    VersionPlace = versionCount
    versions.Add json, versionCount
    versionLines.Add versionCount, json
    versionCount = versionCount + 1
  Else
    VersionPlace = versions.Item(json)
  End If
End Function
' The original names of its string tables.
Function Originals
  Dim names, i, same
  Originals = ""
  If infoTableCount = 0 Then Exit Function
  names = Split(infoOriginals, vbLf)
  same = True
  For i = 1 To UBound(names)
    If names(i) <> names(0) Then same = False
  Next
  If same Then
    If names(0) <> "null" Then Originals = ",""original"":" & names(0)
    Exit Function
  End If
  Originals = ",""originals"":["
  For i = 0 To UBound(names)
    If i > 0 Then Originals = Originals & ","
    Originals = Originals & names(i)
  Next
  Originals = Originals & "]"
End Function

' ---- the walk ----

Sub Problem(relative, what)
  If problems <> "" Then problems = problems & "," & vbCrLf
  problems = problems & "{"
  If tree > 0 Then problems = problems & """tree"":" & tree & ","
  problems = problems & """path"":" & Quoted(relative) & ",""what"":" & Quoted(what) & "}"
End Sub
' The files and folders of a folder by name, in the order of bytes; a folder's name is compared with a / after it.
Sub Walk(folder, relative)
  Dim found, names, count, item, i, number, path
  Set found = CreateObject("Scripting.Dictionary")
  On Error Resume Next
  Err.Clear
  number = folder.Files.Count + folder.SubFolders.Count
  If Err.Number <> 0 Then
    Problem relative, "cannot be listed (error " & Err.Number & ")"
    Exit Sub
  End If
  For Each item In folder.Files
    found.Add found.Count, item.Name
  Next
  For Each item In folder.SubFolders
    found.Add found.Count, item.Name & "/"
  Next
  If Err.Number <> 0 Or found.Count <> number Then Problem relative, "cannot be listed to its end (error " & Err.Number & ")"
  On Error Goto 0
  count = found.Count
  names = found.Items
  Sort names, count
  For i = 0 To count - 1
    path = relative
    If path <> "" Then path = path & "/"
    If Right(names(i), 1) = "/" Then
      Descend folder, Left(names(i), Len(names(i)) - 1), path
    Else
      RecordFile folder, names(i), path & names(i)
    End If
  Next
End Sub
Sub Descend(folder, name, relative)
  Dim below, attributes
  On Error Resume Next
  Err.Clear
  Set below = fso.GetFolder(fso.BuildPath(folder.Path, name))
  If Err.Number <> 0 Then
    Problem relative & name, "cannot be listed (error " & Err.Number & ")"
    Exit Sub
  End If
  attributes = 0
  attributes = below.Attributes
  On Error Goto 0
  ' 1024: a link.
  If attributes And 1024 Then
    links = links + 1
  Else
    Walk below, relative & name
  End If
End Sub
Sub Sort(names, count)
  Dim gap, i, j, held
  gap = count \ 2
  Do While gap > 0
    For i = gap To count - 1
      held = names(i)
      j = i
      Do While j >= gap
        If StrComp(names(j - gap), held, 0) <= 0 Then Exit Do
        names(j) = names(j - gap)
        j = j - gap
      Loop
      names(j) = held
    Next
    gap = gap \ 2
  Loop
End Sub

' The registry of a system that does not run is in files that this script does not read.
Sub NoteHive(folder, name, ByVal relative)
  If LCase(name) <> "software" Then Exit Sub
  If LCase(Right("\" & folder.Path, 16)) <> "\system32\config" Then Exit Sub
  If LCase(folder.Path) = LCase(fso.GetSpecialFolder(1).Path & "\config") Then Exit Sub
  relative = Left(relative, Len(relative) - 8)
  If relative <> "" Then relative = Left(relative, Len(relative) - 1)
  Problem relative, "the registry of a system that does not run: the script does not read hives"
End Sub
Sub RecordFile(folder, name, relative)
  Dim json, file, path, size, modified, known, named
  filesSeen = filesSeen + 1
  NoteHive folder, name, relative
  json = "{"
  If recorded > 0 Then json = ",{"
  recorded = recorded + 1
  If tree > 0 Then json = json & """tree"":" & tree & ","
  json = json & """path"":" & Quoted(relative)
  path = fso.BuildPath(folder.Path, name)
  On Error Resume Next
  Err.Clear
  Set file = fso.GetFile(path)
  size = file.Size
  known = (Err.Number = 0)
  modified = file.DateLastModified
  If Err.Number = 0 And hasBias Then json = json & ",""size"":" & Plain(size) & ",""modified"":" & Plain(Seconds(modified)) Else If known Then json = json & ",""size"":" & Plain(size)
  On Error Goto 0
  If Not known Then
    unreadable = unreadable + 1
    Line json & ",""error"":{""io"":""cannot be looked at""}}"
    Exit Sub
  End If
  ReadBinaryOf path, size
  CloseStream
  If fault <> "" Then
    If Left(fault, 6) = "{""io"":" Then unreadable = unreadable + 1
    If isPacked Then json = json & ",""packed"":" & packedAs
    Line json & ",""error"":" & fault & "}"
    Exit Sub
  End If
  named = Machine()
  If format <> "pe" Then json = json & ",""format"":""" & format & """"
  If named <> "" Then json = json & ",""machine"":""" & named & """"
  If machineRaw <> UsualField(named) Then json = json & ",""machine_raw"":" & machineRaw
  If built <> 0 Then json = json & ",""built"":" & Plain(built)
  If checksum <> 0 Then json = json & ",""checksum"":" & Plain(checksum)
  If hasVersion Then
    json = json & ",""version"":" & VersionPlace() & Originals()
  ElseIf corruptText <> "" Then
    json = json & ",""corrupt"":" & Quoted(corruptText)
  End If
  Line json & "}"
End Sub
' Seconds since 1970 UTC. Windows before Vista converts times with the current bias, even if it was different then.
Function Seconds(moment)
  Dim days
  days = CDbl(moment) - CDbl(DateSerial(1970, 1, 1))
  Seconds = Int(days * 86400 + 0.5) + bias * 60
End Function
Sub ReadBias
  Dim value, release
  hasBias = False
  On Error Resume Next
  Err.Clear
  release = shell.RegRead("HKLM\" & NT & "\CurrentVersion")
  If Err.Number = 0 And Left(release, 1) <> "3" And Left(release, 1) <> "4" And Left(release, 1) <> "5" Then Exit Sub
  Err.Clear
  value = shell.RegRead("HKLM\SYSTEM\CurrentControlSet\Control\TimeZoneInformation\ActiveTimeBias")
  If Err.Number <> 0 Or VarType(value) <> 3 Then Exit Sub
  bias = value
  hasBias = True
End Sub

' ---- the registry of the running Windows ----


Sub SystemProblem(source, what)
  If systemProblems <> "" Then systemProblems = systemProblems & ","
  systemProblems = systemProblems & "{""source"":" & Quoted(source) & ",""what"":" & Quoted(what) & "}"
End Sub
' The facts of the registry, if the tree contains the running Windows NT; otherwise "".
Function System(root, number)
  Dim folder, relative, json, control, current
  System = ""
  folder = fso.GetSpecialFolder(1).Path & "\config"
  If Right(root, 1) = "\" Then root = Left(root, Len(root) - 1)
  If LCase(Left(folder, Len(root) + 1)) <> LCase(root & "\") And LCase(folder) <> LCase(root) Then Exit Function
  If TextFact("product_name", NT, "ProductName") = "null" And TextFact("", NT, "CurrentVersion") = "null" Then Exit Function
  relative = Replace(Mid(folder, Len(root) + 2), "\", "/")
  systemProblems = "": systemHotfixes = ""
  control = "SYSTEM\CurrentControlSet\Control"
  current = NumberOf("SYSTEM\Select", "Current")
  If current <> "" Then control = "SYSTEM\ControlSet" & Right("00" & current, 3) & "\Control"
  json = "{"
  If number > 0 Then json = "{""tree"":" & number & ","
  json = json & """path"":" & Quoted(relative) & ",""hives"":[{""hive"":""software"",""unfinished"":false,""wrong_checksum"":false,""truncated"":false}," & _
    "{""hive"":""system"",""unfinished"":false,""wrong_checksum"":false,""truncated"":false}],""facts"":{" & _
    """product_name"":" & TextFact("", NT, "ProductName") & ",""current_version"":" & TextFact("", NT, "CurrentVersion") & _
    ",""version_numbers"":" & Numbers() & ",""build"":" & Build() & ",""revision"":" & NumberFact(NT, "UBR")
  json = json & ",""release_id"":"
  If TextFact("", NT, "DisplayVersion") <> "null" Then json = json & TextFact("", NT, "DisplayVersion") Else json = json & TextFact("", NT, "ReleaseId")
  json = json & ",""current_type"":" & TextFact("", NT, "CurrentType") & ",""install_date"":" & NumberFact(NT, "InstallDate") & _
    ",""csd_version"":" & TextFact("none", NT, "CSDVersion") & ",""product_type"":" & TextFact("", control & "\ProductOptions", "ProductType") & _
    ",""product_suite"":" & Suite(control & "\ProductOptions") & ",""control_csd_version"":" & NumberFact(control & "\Windows", "CSDVersion") & _
    ",""processor_architecture"":" & TextFact("", control & "\Session Manager\Environment", "PROCESSOR_ARCHITECTURE") & ",""pending_renames"":null}"
  ListUpdates
  System = json & ",""hotfixes"":[" & systemHotfixes & "],""problems"":[" & systemProblems & "]}"
End Function
' A value; Empty if it does not exist or cannot be read. isMissing: the registry reports that it does not exist.
Function Value(key, name)
  Dim data
  On Error Resume Next
  Err.Clear
  isMissing = False
  data = shell.RegRead("HKLM\" & key & "\" & name)
  If Err.Number = 0 Then
    Value = data
  Else
    isMissing = (Hex(Err.Number) = "80070002")
    Value = Empty
  End If
End Function
Function Fact(value, key, name)
  Fact = "{""value"":" & value & ",""source"":" & Quoted(key & "\" & name) & "}"
End Function
' absent = "none": a missing value counts as "".
Function TextFact(absent, key, name)
  Dim data
  data = Value(key, name)
  TextFact = "null"
  If VarType(data) = 8 Then
    TextFact = Fact(Quoted(data), key, name)
  ElseIf absent = "none" And isMissing Then
    TextFact = Fact("""""", key, name)
  End If
End Function
Function NumberOf(key, name)
  Dim data
  data = Value(key, name)
  NumberOf = ""
  If VarType(data) = 3 Or VarType(data) = 2 Then
    If data < 0 Then NumberOf = Plain(CDbl(data) + 4294967296) Else NumberOf = Plain(data)
  End If
End Function
Function NumberFact(key, name)
  NumberFact = "null"
  If NumberOf(key, name) <> "" Then NumberFact = Fact(NumberOf(key, name), key, name)
End Function
Function Numbers
  Dim major, minor
  Numbers = "null"
  major = NumberOf(NT, "CurrentMajorVersionNumber")
  minor = NumberOf(NT, "CurrentMinorVersionNumber")
  If major <> "" And minor <> "" Then Numbers = Fact("[" & major & "," & minor & "]", NT, "CurrentMajorVersionNumber")
End Function
Function Build
  Dim name, text, i, digits
  Build = "null"
  For Each name In Array("CurrentBuildNumber", "CurrentBuild")
    text = Value(NT, name)
    If VarType(text) = 8 And Build = "null" Then
      text = Trim(text)
      digits = (Len(text) > 0 And Len(text) < 10)
      For i = 1 To Len(text)
        If InStr("0123456789", Mid(text, i, 1)) = 0 Then digits = False
      Next
      If digits Then Build = Fact(Plain(CLng(text)), NT, name)
    End If
  Next
End Function
Function Suite(key)
  Dim data, item, list
  Suite = "null"
  data = Value(key, "ProductSuite")
  list = ""
  If IsArray(data) Then
    For Each item In data
      If item <> "" Then
        If list <> "" Then list = list & ","
        list = list & Quoted(item)
      End If
    Next
  ElseIf VarType(data) = 8 Then
    list = Quoted(data)
  ElseIf Not isMissing Then
    Exit Function
  End If
  Suite = Fact("[" & list & "]", key, "ProductSuite")
End Function

' The lists of updates: only WMI can list their keys. Without it, only the update that programs query is read (Q246009).
Sub ListUpdates
  Dim data, reason
  On Error Resume Next
  Err.Clear
  Set wmi = GetObject("winmgmts:{impersonationLevel=impersonate}!\\.\root\default:StdRegProv")
  If Err.Number = 0 Then wmi.EnumKey HKLM, "SOFTWARE\Microsoft", data
  reason = Err.Number
  On Error Goto 0
  If reason <> 0 Or Not IsArray(data) Then
    SystemProblem "SOFTWARE", "the lists of updates: WMI cannot be asked (error " & Hex(reason) & ")"
    data = NumberOf(NT & "\HotFix\Q246009", "Installed")
    If data <> "" Then AddUpdate "Q246009", NT & "\HotFix\Q246009", "windows-nt", InstalledState(data)
    Exit Sub
  End If
  ListWindowsNt NT & "\HotFix"
  ListFolder "SOFTWARE\Microsoft\Updates", 1
  ListWindowsNt "SOFTWARE\Wow6432Node\Microsoft\Windows NT\CurrentVersion\HotFix"
  ListFolder "SOFTWARE\Wow6432Node\Microsoft\Updates", 1
  ListPackages "SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages"
End Sub
Function InstalledState(number)
  Select Case number
    Case "": InstalledState = """listed"""
    Case "0": InstalledState = """not-installed"""
    Case "1": InstalledState = """installed"""
    Case Else: InstalledState = "{""other"":" & number & "}"
  End Select
End Function
Sub AddUpdate(name, key, list, state)
  If systemHotfixes <> "" Then systemHotfixes = systemHotfixes & "," & vbCrLf
  systemHotfixes = systemHotfixes & "{""id"":" & KbId(name) & ",""name"":" & Quoted(name) & ",""source"":" & Quoted(key) & _
    ",""list"":""" & list & """,""state"":" & state & ",""description"":" & FirstText(key, Array("Fix Description", "Comments", "Description")) & _
    ",""installed_on"":" & FirstText(key, Array("Installed On", "InstalledDate")) & ",""files"":[]}"
End Sub
Function FirstText(key, names)
  Dim name, data
  FirstText = "null"
  For Each name In names
    If FirstText = "null" Then
      data = Value(key, name)
      If VarType(data) = 8 Then If Trim(data) <> "" Then FirstText = Quoted(data)
    End If
  Next
End Function
' The article at the beginning of a name: Q246009, KB823980-v2; null for names of another form.
Function KbId(ByVal name)
  Dim digits, number
  KbId = "null"
  name = UCase(name)
  If Left(name, 2) = "KB" Then
    name = Mid(name, 3)
  ElseIf Left(name, 1) = "Q" Then
    name = Mid(name, 2)
  Else
    Exit Function
  End If
  digits = 0
  Do While digits < Len(name)
    If InStr("0123456789", Mid(name, digits + 1, 1)) = 0 Then Exit Do
    digits = digits + 1
  Loop
  If digits < 4 Or digits > 8 Then Exit Function
  If digits < Len(name) Then If InStr("-_ .~()", Mid(name, digits + 1, 1)) = 0 Then Exit Function
  number = CLng(Left(name, digits))
  If number < 1000 Then Exit Function
  If number < 400000 Then KbId = """Q" & number & """" Else KbId = """KB" & number & """"
End Function
Function Keys(path)
  Dim list, result
  On Error Resume Next
  Err.Clear
  result = wmi.EnumKey(HKLM, path, list)
  Keys = Array()
  If Err.Number <> 0 Then
    SystemProblem path, "cannot be listed (error " & Hex(Err.Number) & ")"
  ElseIf result <> 0 And result <> 2 Then
    SystemProblem path, "cannot be listed (Windows error " & result & ")"
  ElseIf IsArray(list) Then
    Keys = list
  End If
End Function
Sub ListWindowsNt(path)
  Dim name
  For Each name In Keys(path)
    AddUpdate name, path & "\" & name, "windows-nt", InstalledState(NumberOf(path & "\" & name, "Installed"))
  Next
End Sub
Sub ListFolder(path, depth)
  Dim name, key, names, types, state
  For Each name In Keys(path)
    key = path & "\" & name
    names = Null
    If KbId(name) = "null" And depth > 1 Then wmi.EnumValues HKLM, key, names, types
    If KbId(name) <> "null" Or IsArray(names) Then
      state = """listed"""
      If UCase(TextOf(key, "ThisVersionInstalled")) = "Y" Then state = """installed"""
      If UCase(TextOf(key, "ThisVersionInstalled")) = "N" Then state = """not-installed"""
      AddUpdate name, key, "updates", state
    ElseIf depth < 4 Then
      ListFolder key, depth + 1
    End If
  Next
End Sub
Function TextOf(key, name)
  Dim data
  data = Value(key, name)
  TextOf = ""
  If VarType(data) = 8 Then TextOf = data
End Function
Sub ListPackages(path)
  Dim name, at, state
  For Each name In Keys(path)
    If LCase(Left(name, 12)) = "package_for_" Then
      Select Case NumberOf(path & "\" & name, "CurrentState")
        Case "": state = """listed"""
        Case "112", "128": state = """installed"""
        Case "80": state = """superseded"""
        Case "0", "5", "16", "32", "48", "64", "96", "101": state = """not-installed"""
        Case Else: state = "{""other"":" & NumberOf(path & "\" & name, "CurrentState") & "}"
      End Select
      If systemHotfixes <> "" Then systemHotfixes = systemHotfixes & "," & vbCrLf
      systemHotfixes = systemHotfixes & "{""id"":" & KbId(Mid(name, 13)) & ",""name"":" & Quoted(name) & ",""source"":" & Quoted(path & "\" & name) & _
        ",""list"":""servicing"",""state"":" & state & ",""description"":null,""installed_on"":null,""files"":[]}"
    End If
  Next
End Sub
