' Tells Dzvinok what happens in MicroSIP. See docs/providers/phone.md.
'
' Copy this file into C:\Dzvinok four times, as ring.vbs, out.vbs, answer.vbs and end.vbs: the name says what
' happened. MicroSIP starts it with the other party's number as its only argument.
' It is not a .cmd on purpose: the caller chooses that argument, and cmd.exe would obey what stands in it.
Option Explicit

' These two lines are on the connection's page in Poster, ready to copy.
Const ADDRESS = "http://192.168.1.10:8080/hooks/phone/TOKEN"
Const EXTENSION = "101"

Const TEMPORARY = 2
Dim files, word, number, note
Set files = CreateObject("Scripting.FileSystemObject")
word = LCase(files.GetBaseName(WScript.ScriptName))
number = ""
If WScript.Arguments.Count > 0 Then number = OnlyNumber(WScript.Arguments(0))
note = files.BuildPath(files.GetSpecialFolder(TEMPORARY), "dzvinok-" & Replace(number, "+", "") & ".txt")

' MicroSIP has no word for a missed call: it is one that rang and ended without an answer.
Select Case word
    Case "ring", "out", "answer"
        Remember word
    Case "end"
        Select Case Remembered()
            Case "ring"
                word = "missed"
            Case "out"
                word = "gone"
        End Select
End Select
Tell word

Sub Tell(what)
    Dim request
    On Error Resume Next
    Set request = CreateObject("MSXML2.ServerXMLHTTP.6.0")
    request.setTimeouts 2000, 2000, 3000, 3000
    request.open "GET", ADDRESS & "?e=" & what & "&ext=" & EXTENSION & "&r=" & Replace(number, "+", "%2B"), False
    request.send
End Sub

Sub Remember(what)
    Dim file
    On Error Resume Next
    Set file = files.CreateTextFile(note, True)
    file.Write what
    file.Close
End Sub

Function Remembered()
    Dim file, found
    found = ""
    On Error Resume Next
    Set file = files.OpenTextFile(note)
    found = file.ReadAll
    file.Close
    files.DeleteFile note
    Remembered = found
End Function

Function OnlyNumber(text)
    Dim place, char, found
    found = ""
    For place = 1 To Len(text)
        char = Mid(text, place, 1)
        If char = "@" Then Exit For
        If InStr("0123456789", char) > 0 Then found = found & char
        If char = "+" And found = "" Then found = "+"
    Next
    OnlyNumber = found
End Function
