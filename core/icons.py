"""The shapes of the portal's icons, drawn on a 24 x 24 grid; a page carries only those that it shows."""

ICONS: dict[str, str] = {
    "bad": '<circle cx="12" cy="12" r="8.5"/><path d="m9 9 6 6M15 9l-6 6"/>',
    "cal": '<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/>',
    "chart": '<path d="M4 4v16h16M8 16v-5M12.500 16V8M17 16v-7"/>',
    "check": '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
    "chev": '<path d="m9 6 6 6-6 6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.500 2"/>',
    "doc": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "down": '<path d="M12 4v11M7.500 11 12 15.500 16.500 11M4 20h16"/>',
    "early": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l-3.500 2"/>',
    "flag": '<path d="M5 21V4h12l-2 4 2 4H5"/>',
    "home": '<path d="M3 11 12 4l9 7v9h-6v-6H9v6H3z"/>',
    "in": '<path d="M13 4h7v16h-7M3 12h11M10 8l4 4-4 4"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l3 3M13.500 9.500l2 2"/>',
    "lock": '<path d="M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4"/>',
    "logo": '<path d="M12 3 4 7v2h16V7zM6 9v8M10 9v8M14 9v8M18 9v8M4 17h16M3 20.500h18"/>',
    "none": '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3 3"/>',
    "off": '<path d="M3 3l18 18M7.500 8.200A5 5 0 0 0 7 18h9.500'
    'M10 6.500a5.500 5.500 0 0 1 7.500 4A3.900 3.900 0 0 1 20.500 16"/>',
    "office": '<path d="M4 21V4h10v17M14 9h6v12M2 21h20M7.500 8h3M7.500 12h3M7.500 16h3M17 13h.01M17 17h.01"/>',
    "ok": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.300 2.800 2.800L16 9.500"/>',
    "out": '<path d="M11 4H4v16h7M10 12h11M17 8l4 4-4 4"/>',
    "people": '<circle cx="9" cy="8" r="3.500"/><path d="M2.500 20a6.500 6.500 0 0 1 13 0M16 5a3.500'
    ' 3.500 0 0 1 0 6.500M18 14.500a6.500 6.500 0 0 1 3.500 5.500"/>',
    "route": '<path d="M12 21s-6-5.500-6-11a6 6 0 0 1 12 0c0 5.500-6 11-6 11z"/><circle cx="12" cy="10" r="2.200"/>',
    "sick": '<path d="M9 4h6v5h5v6h-5v5H9v-5H4V9h5z"/>',
    "up": '<path d="M12 16V5M7.500 9 12 4.500 16.500 9M4 20h16"/>',
    "wait": '<path d="M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4"/>',
    "warn": '<path d="M12 4 2.500 20h19zM12 10v4.500M12 17.300v.01"/>',
}
